// Package coupon turns labour into coupons and follows them through wallets (MODEL.md §7; [S] §6.4, §6.5).
//
// The stages, in the order of Compute: coupons of the period from this batch's rates (cascade.go), the recorded revisions
// that hold (recorded.go) and the coupons they gave, claims (claims.go), the rows of wallets (wallets.go), balances in the
// order of time (balance.go), parity (parity.go).
//
// Rows are row numbers of the ledger, which is sorted by id. Where a table is in the order of time already, as exports
// mostly are, nothing is sorted and a segment of time is a range of rows (order.go).
//
// Units: coupons and values in µmin, times in µs since the Unix epoch. Sums are 128 bits wide: 2³¹ rows of less than 2⁶³
// stay below 2⁹⁴, and the values handed in are parts of sums that the other computations keep within 128 bits.
package coupon
