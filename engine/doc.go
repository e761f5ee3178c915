// Package engine computes everything of the model (MODEL.md §0–§7, §10) from one ledger export, exactly.
//
// The map:
//
//	job.go      inputs and settings of a batch, with their defaults
//	run.go      the stages of a batch by name, on one screen
//	result.go   the result tables, in canonical order; columns.go fills them
//	estimate.go how much memory a ledger's columns will take
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
//	spill       memory of large columns, or files in its place
//	sparse      matrices compressed by rows
//	shard       cutting work into pieces, parallel loops
//
// # Ledgers larger than memory
//
// Small tables, whatever the ledger: collectives, trust, product types, elements, revisions. Large ones: workloads,
// consumptions, claims, appropriations, outputs, allocations, dispatches, and between them productions, resources and wallets,
// which others point into. A stage needs of the large ones only passes along their rows, and beside them sums by code:
// v* and averages need neither order nor more than one pass; θ goes by means of production, V(p) by production, coupons
// by time, balances by wallet and time. A result table has a row for each row of a large table, in the order of its ids,
// which is the order in which its columns lie.
//
// So a ledger larger than --memory goes through the same stages as any other. Its columns lie in files in place of memory
// (Job.Space, package spill), each of them mapped; the pages that passes have left behind are taken out of the process
// when it nears the limit. Nothing is cut into partitions, and no sum or rounding is done in another way: the root cannot
// differ. What stays in memory: the texts of ids that are not integers, columns of texts, the tables of a few bytes per
// collective, and pages of files being decoded. Ids in random order cost jumps all over the columns while they are
// sorted; that is slow where the columns are larger than the memory the system has for its pages.
//
// DECISIONS.md settles what MODEL.md leaves open. Every number of a batch is an integer; the same ledger gives the same
// result whatever the threads, the file format and the order of rows.
package engine
