// Package composition values products and what they give as means of production (MODEL.md §1, §2; [S §4.2, §4.3]).
//
// A product is a directed acyclic graph of elements; s(t) is the set of all elements reachable from t, d its
// durability, v its simple value.
//
//	v*(t)    = v(t) + Σ_{u ∈ s(t)} v(u)                       Compute, values.go        eq. 4
//	V_d      = Σ v(u) over {t} ∪ s(t) with d(u) = d           Profile, profile.go
//	T(k)     = Σ_d ⌊V_d · min(k, d)/d⌋                        Profile.Transferred
//	θ(k1,k2) = T(k2) − T(k1)                                  Use, use.go               eq. 7
//
// An element reached by two ways counts once, so v* is a sum over a reachable set, not over paths. How it is computed:
//
//	graph.go   cycles are found; elements are numbered by height, and within a height so that neighbours reach much the same
//	flood.go   that order where the elements' own numbers do not give it: breadth first over parts and wholes,
//	slab.go    fronts of the flood taken apart, one after the other
//	family.go  or, where that finds nothing near, by families
//	fold.go    elements with one whole and at most one part melt into that whole; trees and chains vanish
//	sweep.go   what is left is swept for 256 roots at a time, one bit a root, in topological order
//	tally.go   sums of weights over sets of roots, by tables over the bytes of the sets
//
// Counting what is reachable from every vertex has no algorithm that is truly faster than |E|² (Borassi 2016, under
// SETH), so deep and densely shared graphs cost up to Σ|s(t)|/64 word operations; what is a tree, a chain or nearly so
// is linear. Nothing here recurses.
//
// Values are in µmin, durabilities and ages in whole minutes, times in µs since the Unix epoch.
package composition
