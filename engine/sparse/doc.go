// Package sparse holds matrices compressed by rows: building them from triplets, checking, transposing, multiplying.
//
// A matrix and its transpose are both stored by rows where both products are needed, so that a product always gathers
// and never scatters; then rows are independent, any number of threads gives the same bits, and the order of every sum
// is that of kernels/doc.go.
package sparse
