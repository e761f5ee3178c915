// Package synth makes synthetic data of any size from a seed.
//
// Generate writes a whole ledger export (all tables of the format, balanced books) for the measurements and the tests of
// the engine. Everything is arithmetic on row numbers: the i-th row of a table follows from the seed and i alone, so a
// table streams to disk without the world in memory, in any order and from any number of threads, and the same seed
// gives the same bytes.
//
// # The world
//
// Producing collectives are slots 0 … slots−1, the larger the earlier: the n-th has about 1/√n of the work of the first
// (a Zipf law with exponent 1/2). Time is cut into rounds; in every round each slot runs one production. Before the rounds there is a
// prehistory in which each slot built its own machines by labour alone, twelve of a kind, so that each machine's drawn
// value is exactly its v*. Rounds cover ]Start, Until]; two recorded revisions cover its first two months.
//
// Slots belong to zones, which never trade with each other: a large subsystem, two smaller ones, and a pair of zones that
// trusted each other until the middle of the last month. In a zone the exclusive slots form a binary heap along which
// goods and orders move, the common ones another; goods for people go to the zone's shops.
//
// Why no book is overdrawn: an output gives at most half of itself to later productions of its slot (as many equal
// shares as the layout of consumptions can ask for), at most a quarter to one transfer and at most an eighth to a
// write-off. Why no wallet is overspent: an appropriation is paid out of one claim, later than it, by less than its coupon.
// Why the recorded rates are right: what they need (labour, write-offs of goods made by labour alone and of machines,
// θ of repurposed machines) is summed by the same arithmetic before the first row is written.
package synth
