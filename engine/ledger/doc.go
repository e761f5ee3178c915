// Package ledger is the ledger in memory: one struct of slices per table, ids as dense codes (MODEL.md §0).
//
// An adapter fills a Raw (the rows as exported, ids as keys of a Domain). Build cuts it as at k2, drops what breaks the
// rules bad-value, duplicate-id and dangling-reference (MODEL.md §10), and gives a Ledger: every table sorted by its
// primary id, so that a row's number is its rank in canonical order and comparing codes is comparing ids. Nothing after
// Build depends on the order of rows in files, on file formats or on how ids were stored.
//
// Units: values and minutes are µmin (10⁻⁶ min), amounts micro-units, times µs since the Unix epoch (UTC).
package ledger
