// Package arrow reads and writes columns in files: Parquet, Arrow IPC, CSV and newline JSON. It is the only package
// that imports Apache Arrow and Parquet, and it knows nothing of ledgers: names of tables and columns come from its
// callers.
//
// # Reading
//
// Foreign bytes are read serially, under a budget of decompressed bytes, and behind recover: a damaged file is an error
// that names file, table, column and row, never a panic and never a dead process.
//
//	scan.go          tables, columns and kinds asked for; read_table.go: a table's files into columns, on all threads
//	read_dir.go      tables of a directory, and its manifest: listing, sizes, digests, before a byte is decoded
//	budget.go        the bound on memory; read_error.go: errors with their place; read_tasks.go: workers and recover
//	parquet_*.go     footer and pages checked and decoded here; Apache's code only turns the footer into a schema
//	ipc_*.go         messages checked here, then decoded by Apache's reader on the caller's goroutine
//	csv.go, json.go  exact cells from text (read_cell.go), with limits on lines and on what a file may expand to
//	inspect*.go      a file of any kind read whole: schema, nulls, extremes, digests
//
// # Writing
//
// The governing invariant: the files of a result are the same bytes for the same rows, whatever the number of threads.
// Rows are cut by their number alone (chunkRows, digestBlock), every chunk is encoded on its own, and chunks are joined
// in row order.
//
// A result or an export is complete or absent. It is written into a sibling directory `.tmp-<name>-<random>`, every
// file is synced, the manifest comes last, the directory is synced, renamed, and its parent synced.
//
//	int128.go       the 128-bit integer and its decimal text
//	result.go       columns and batches of a table on its way to or from a file
//	digest.go       canonical encoding of rows, and the hash function; merkle.go: RFC 6962 trees over it
//	manifest.go     manifest.json of a result
//	dirwrite.go     directories that appear complete or not at all, over an interface that tests can make fail
//	dirwrite_os.go  that interface on the machine: locks, exchange of two directories
//	write.go        a result's tables to files; write_parquet.go, write_ipc.go, write_text.go: one format each
//	result_open.go  a result's tables back from files, checked against the manifest; debts of an earlier result
//	diff.go         the first difference of two results
//	export.go       ledger exports, filled by row number or streamed (export_table.go)
package arrow
