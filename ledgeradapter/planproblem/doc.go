// Package planproblem reads and writes plan problems (FORMAT.md §2) and plans (§4): a directory of tables in Parquet, Arrow
// IPC, CSV or newline JSON. What cannot be read is an *arrow.Error that names file, table, column and row.
//
// Products are named by id, or by id@region where the same id is in several regions; rows of storage and recycling that
// name the id alone mean every region it is in. Columns that may be left out, or null:
//
//	products     region, unit
//	techniques   minimum (0), maximum (none)
//	resources    price (0, minutes)
//	targets      weight (1)
//	recycling    lag (0 periods)
//	transport    loss (0)
//	storage      loss (0)
//	investments  lag (1 period), life (for ever)
//	growth       factor is 1 for periods without a row
package planproblem
