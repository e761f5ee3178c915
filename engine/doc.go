// Package engine computes everything of the model (MODEL.md §0–§7, §10) from one ledger export, exactly.
//
// The map:
//
//	job.go      inputs and settings of a batch, with their defaults
//	run.go      the stages of a batch by name, on one screen
//	result.go   the result tables, in canonical order; columns.go fills them
//	check.go    recorded revisions computed again; violations.go lists what broke a rule
//	economy.go  A and l of a period out of its production cycles        §8
//
//	ledger      the ledger in memory: one struct of slices per table, ids as dense codes
//	composition v*, durabilities, depreciation profiles, θ             §1, §2
//	production  resources, draws, production cycles                    §3
//	average     socially necessary averages                            §4
//	trust       subsystems, settlement                                 §5
//	revision    a, c, w, tax rate, debt                                §6
//	coupon      coupons, claims, wallets, parity                       §7
//	reference   the slow reference the tests hold the engine to
//
// Beside the batch, in float64 with reproducible bits (§8):
//
//	leontief    labour values and gross outputs, with a bound of the error
//	plan        a plan problem as linear programs, and the answer read back
//	lp          linear programs, knowing nothing of economies
//
// Under both:
//
//	sparse      matrices compressed by rows
//	shard       cutting work into pieces, parallel loops
//
// DECISIONS.md settles what MODEL.md leaves open. Every number of a batch is an integer; the same ledger gives the same
// result whatever the threads, the file format and the order of rows.
package engine
