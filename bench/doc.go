// Package bench holds benchmarks across packages and against peers. Each is a repeatable run with a small size, which
// the tests take, and large ones; raw output lies in results/ per machine and commit, what did not help in NOTES.md.
//
//	batch.go   planwerk bench batch: generate, batch and verify as a user runs them, each a process of its own
//	hardware/  planwerk bench: the same seeded workloads at every level of any machine; peers/spmv holds loops in C beside them
//	replan/    what a plan costs after a change of targets, beside the same program solved from nothing
//	shapes/    planning programs of other shapes than the usual one
//	table.go   a measured table as tidy puts it into README.md
//	gpu.sh     everything to be shown on a machine with a GPU: pack here, run there, without Go
//	machine.go what the figures were measured on
package bench
