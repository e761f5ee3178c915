// Package spill gives a batch the memory of its large columns: in memory, or in files where a ledger is larger than memory.
//
// A Space maps every large slice by itself, so that the memory of a column goes back to the system when the column is
// given up (Free, or Close of the Space it was made in), not when a garbage collector finds out. Without a folder the
// memory is anonymous, in large pages where the system has them. With a folder each slice is a file that has lost its name
// before it is used: nothing is left of it however the process ends. Algorithms are the same over both, so results are
// the same bits.
//
// Files and the limit. A page of a file counts as the process's memory only while it is mapped in. A Space with a limit
// looks at the size of the process every few milliseconds, and above the limit takes pages away from the mappings, one
// column after the other and round again; the content stays with the system, which writes it to the file when memory is short. The
// engine's passes go along columns in order of their rows, and codes are dense and in the order of ids, so that what a
// pass needs at one time is small. The blocks of a file are taken when the slice is made: a full disk is an error there,
// not a fault when a page is written.
//
// A full disk does not stop the caller at once: Make then gives memory of the Go heap, Err tells, and the function given to
// Notify is called once, which is to end the work.
//
// A nil *Space makes slices on the Go heap, and Free and Close do nothing: code that uses a Space needs no other case.
package spill
