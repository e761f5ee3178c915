// Package production follows resources from hand to hand and values production cycles (MODEL.md §3; [S] §3, §5).
//
// A resource is drawn by consumptions, transfers, dispatches, write-offs and commissionings of means of production. Two
// things are settled one after the other:
//
//   - Amounts need no values. Draw takes every tree of transfers from its root downwards and clips the draws of each
//     resource in canonical order (draws.go, clip.go).
//   - Values then flow along counted consumptions: V(p) = workloads + consumed + transferred, outputs share V(p), and what
//     is drawn from them carries its cascade share on. Productions are put into levels such that each needs only lower
//     ones; those on a cycle have unvalued outputs (graph.go, values.go).
//
// Units: values in µmin, amounts in micro-units, times in µs since the Unix epoch. Nothing wraps: amounts stay within
// int64 because draws are clipped, and every value is a part of the sum of all workloads and θ, which is checked to stay
// below 2¹²⁷.
package production
