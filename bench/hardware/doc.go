// Package hardware measures a machine: a fixed set of seeded workloads at every level of kernels the machine has, so that
// two machines can be compared, and seen to compute the same bits.
//
//	hardware.go  Run: the report, workload by workload
//	workload.go  what a workload is, and the list of them
//	measure.go   cases (level × threads), timed in turn
//	bandwidth.go the machine's own rates, which others are shares of
//	sums.go ids.go sparse.go graph.go programs.go files.go   the workloads
//	machine.go   what was measured on
//	table.go     the report as text and as a table; compare.go: two reports beside each other
//
// Every time is the median of at least five; the cases of a workload take turns, so that a busy moment of a shared machine
// hits all of them. The bytes of a row are a floor: what the workload must read and write at least once, whatever the
// program does; caches can only be flattered by it where the data fits them, as it does in the quick size. Its share is
// that rate over the rate at which this machine reads (or, where a workload writes as much, runs the triad) with as many
// threads in the same run.
package hardware
