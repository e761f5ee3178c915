// Package revision computes final revisions: the tax rate of each subsystem for the period ]k1, k2] (MODEL.md §6,
// [S §6.3]).
//
// Per subsystem, in µmin:
//
//	a         workloads of the period
//	c         common workloads, and the value exclusive means of production gave to common productions
//	w         write-offs of exclusive resources and means of production
//	w'        w + debt in
//	numerator c + w + debt in − debt out, at most a
//	tax rate  numerator / a, reduced; null when a = 0
//
// A workload or write-off belongs to the subsystem of its collective, an allocation to that of its production's.
package revision
