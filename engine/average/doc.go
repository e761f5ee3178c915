// Package average computes socially necessary averages (MODEL.md §4, [S §6.2]): for each subsystem and product type, the
// value of what is left of the valued resources that collectives of distribution (C2I) own there, per unit.
//
// Averages never cross subsystems: a collective nobody trusts must not make a good cheap.
//
// Values are in µmin, amounts in micro-units of the product type's own unit, averages in µmin per unit.
package average
