// Package engine computes everything of the model (MODEL.md §0–§7) from one ledger export, exactly.
//
// The map:
//
//	job.go      inputs and settings of a batch, with their defaults
//	run.go      the stages of a batch by name, on one screen
//	result.go   the result tables, in canonical order
//	ledger      the ledger in memory: one struct of slices per table, ids as dense codes
//	composition v*, durabilities, depreciation profiles, θ             §1, §2
//	production  resources, draws, production cycles                    §3
//	average     socially necessary averages                            §4
//	trust       subsystems, settlement                                 §5
//	revision    a, c, w, tax rate, debt                                §6
//	coupon      coupons, claims, wallets, parity                       §7
//	shard       cutting work into pieces, parallel loops
//	reference   the slow reference the tests hold the engine to
//
// DECISIONS.md settles what MODEL.md leaves open. Every number of a batch is an integer; the same ledger gives the same
// result whatever the threads, the file format and the order of rows.
package engine
