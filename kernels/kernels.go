package kernels

import "slices"

// Operation is an operation with a definition in Go and, from some level on, variants in assembly.
type Operation struct {
	Name     string
	Variants []Level // levels that have assembly of their own; others use the nearest below
}

// Operations lists all operations on slices. The suite in kerneltest has a check for each.
func Operations() []Operation { return slices.Clone(operations) }

var operations = []Operation{
	{"AddSides32", []Level{AVX2}},
	{"Axpy", []Level{AVX2}},
	{"CorrectSides32", []Level{AVX2}},
	{"Depreciation", []Level{AVX2}},
	{"DifferenceGram32", []Level{AVX2}},
	{"Dot", []Level{AVX2}},
	{"ErrorSides", []Level{AVX2}},
	{"FetchSlots", []Level{AVX2}},
	{"GemmSub", []Level{AVX2}},
	{"GroupSum", []Level{AVX2}},
	{"HalpernDual", []Level{AVX2}},
	{"HalpernPrimal", []Level{AVX2}},
	{"LookUp", []Level{AVX2}},
	{"MarkFlags", []Level{AVX2}},
	{"MarkWindow", []Level{AVX2}},
	{"MeanSides32", []Level{AVX2}},
	{"Narrow", []Level{AVX2}},
	{"NormInf", []Level{AVX2}},
	{"PairSums", []Level{AVX2}},
	{"PrefixSum", nil},
	{"ProductSides32", []Level{AVX2}},
	{"RadixSums", []Level{AVX2}},
	{"SparseDot", []Level{AVX2, AVX512}},
	{"SpMM", []Level{AVX2}},
	{"SpMV", []Level{AVX2, AVX512}},
	{"SumFloat64", []Level{AVX2}},
	{"SumInt64", []Level{AVX2}},
	{"SumMarked", []Level{AVX2, AVX512}},
	{"SumRows", []Level{AVX2}},
	{"Sweep32", []Level{AVX2}},
	{"SweepRoots", []Level{AVX2}},
	{"SweepRows", []Level{AVX2}},
	{"SweepSides32", []Level{AVX2}},
}
