// Package kerneltest is one suite that every variant of every operation in kernels passes: at each level of the machine an
// operation must leave the same bits as its definition, in its results and in all memory around them.
//
// Inputs come from a seed. Slices lie at odd offsets between guards, NaN for floats, so that a read beyond an end shows in
// the result and a write beyond it in the guards. Two floats are the same when their bits are, or when neither is a
// number: which payload a NaN carries is not part of a definition.
package kerneltest
