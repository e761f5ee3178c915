// Package trust finds economic subsystems and settles accounts when they split (MODEL.md §5, [S §2.1]).
//
// Collectives are vertices. A trust edge is alive at a time t when since ≤ t and until is empty or later than t. Two
// collectives with an edge alive between them, and each with itself, have strong trust; the connected components of
// the edges alive at t are the subsystems at t. A subsystem is named after its smallest collective: collective codes
// are ranks in canonical order, so that is the smallest code.
//
// Times are µs since the Unix epoch, values µmin.
package trust
