package hardware

import "planwerk/bench/peers/spmv"

// workload is something to measure.
type workload struct {
	name    string
	unit    string // of what it gets through
	against rateOf // the rate that its bytes are compared with
	floor   string // what its bytes are
	plain   bool   // does not use the kernels: one level says it all
	prepare func(*env) (*work, error)
}

// work is a workload with its data.
type work struct {
	items    int64
	bytes    int64 // that one run must read and write at least
	serial   bool  // one thread only
	note     string
	before   func() error            // not timed
	run      func(threads int) error // on processors, at the level in use
	onDevice func() error            // nil: no such code
	digest   func() (string, error)  // of the last run's result
	inC      *spmv.Work              // the same in C; nil: none
	// deviceDigest brings the result over first; nil: digest does.
	deviceDigest func() (string, error)
	close        func()
}

// workloads are those of every report, in its order. The figures of two machines compare only when none of them changes:
// a changed workload gets another name.
func workloads() []workload {
	return []workload{
		{name: "averages", unit: "rows", against: read, floor: "type 4, amount 8, value 8 a row", prepare: averages},
		{name: "grouped sums, 1 k groups", unit: "rows", against: read, floor: "group 4, value 8 a row; 32 a group", prepare: groupedSmall},
		{name: "grouped sums, 4 M groups", unit: "rows", against: read, floor: "group 4, value 8 a row; 32 a group", prepare: groupedLarge},
		{name: "masked windowed sums", unit: "rows", against: read, floor: "time 8, flags 1, value 8 a row", prepare: maskedSums},
		{name: "prefix sums", unit: "rows", against: triad, floor: "8 read, 8 written a row", prepare: prefixSums},
		{name: "interning", unit: "ids", against: read, floor: "text 32, offset 4, key 8 an id; 36 a different one", prepare: interning},
		{name: "v*", unit: "elements", against: read, floor: "8 a part, 32 an element", prepare: aggregates},
		{name: "SHA-256, standard library", unit: "bytes", against: read, floor: "every byte", plain: true, prepare: hashStandard},
		{name: "SHA-256, sha256-simd", unit: "bytes", against: read, floor: "every byte", plain: true, prepare: hashSIMD},
		{name: "load Parquet", unit: "rows", against: read, floor: "the files, and the columns decoded", plain: true, prepare: loadParquet},
		{name: "load IPC", unit: "rows", against: read, floor: "the files", plain: true, prepare: loadIPC},
		{name: "SpMV, banded", unit: "nonzeros", against: read, floor: "12 a nonzero, 24 a row", prepare: spmvBanded},
		{name: "SpMV, random", unit: "nonzeros", against: read, floor: "12 a nonzero, 24 a row", prepare: spmvRandom},
		{name: "SpMM, 16 sides", unit: "nonzeros", against: read, floor: "12 a nonzero, 8 + 256 a row", prepare: spmmSides},
		{name: "Leontief, one side", unit: "nonzeros", against: read, floor: "12 a nonzero and 24 a row for every product with the matrix", prepare: leontiefOne},
		{name: "Leontief, 16 sides", unit: "nonzeros", against: read, floor: "12 a nonzero and 8 + 256 a row for every product with the matrix", prepare: leontiefSides},
		{name: "PDHG iterations", unit: "nonzeros", against: read, floor: "12 a nonzero of A and of Aᵀ, 80 a column, 64 a row, for each of ten; the same and 92, 76 for the check", prepare: pdhgIterations},
		{name: "plan, 5 k products", unit: "nonzeros", plain: false, floor: "none", prepare: planProgram},
		{name: "batch", unit: "rows", floor: "none", prepare: batch},
	}
}
