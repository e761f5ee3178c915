// Package shard cuts work into pieces and runs them on several cores.
//
// Pieces are cut by the data alone (their number, their weight), never by the number of threads, and what pieces give
// is put together in the order of the pieces. So a result cannot depend on how many threads ran or which was faster;
// for integers that holds for any cut, for floats for the same cut.
//
// Threads take the next piece when they are free. There are no barriers, nothing spins: on a machine shared with
// others a thread that is held up delays one piece, not all of them.
package shard
