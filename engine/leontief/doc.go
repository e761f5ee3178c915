// Package leontief solves Leontief systems over whole economies (MODEL.md §8).
//
// A is the n × n technology matrix: A[i][j] units of product i are used per unit of product j, including the wear of means
// of production. l is the direct labour per unit, y the final demand, x the gross output:
//
//	labour values   λ = λA + l        gross outputs   x = Ax + y        total labour = λ·y = l·x
//
// Both are fixed points z = Mz + b, with M = A for outputs and M = Aᵀ for values; the solver knows only that form. M is
// used by rows, so a product gathers and never scatters, and nothing like an inverse or a factor with fill is ever made.
//
//	table.go    an economy: codes, A, labour, demand; A out of flows, or out of use and make tables
//	solve.go    settings, the choice of a method, restarts from the true residual, the answer
//	system.go   a matrix made ready for many right-hand sides, and for changes of its coefficients
//	refine.go, refineblock.go    cycles of extrapolated sweeps in single precision, refined in double: for large matrices
//	sweep.go    Gauss–Seidel within pieces of rows, plain sweeps between them
//	bicgstab.go, gmres.go    Krylov methods; precondition.go: diagonal, or ILU(0) within pieces of rows
//	block.go    several right-hand sides, interleaved, in one pass over the matrix
//	bound.go    the error bound that comes with every answer
//	radius.go   the spectral radius from both sides; scc.go: strongly connected groups of products
//	values.go   values, outputs, total labour both ways, multipliers
//	compare.go  values against prices
//	ledger.go   A and l out of the production cycles of a ledger
//
// # What an answer proves
//
// With some u > 0 for which (I − |M|)u ≥ ½, ‖(I − M)⁻¹‖∞ ≤ 2‖u‖∞ (an M-matrix argument, Berman and Plemmons 1994,
// ch. 6), so ‖z − z*‖∞ ≤ 2‖u‖∞·‖b − (I − M)z‖∞. Both sides are computed with their own rounding errors bounded, so the
// bound holds in exact arithmetic too. Such a u exists exactly when the spectral radius of |M| is below 1.
//
// # Productivity
//
// Hawkins and Simon's condition is decided by the spectral radius, bounded from both sides by the quotients of Collatz
// and Wielandt on each strongly connected group of products, never by column sums: real tables have columns above 1.
//
// # Same bits
//
// Rows are cut into pieces by the matrix alone; sums run in the order of kernels/doc.go within a piece, and over pieces
// in their order. So neither the number of threads nor their speed changes a bit of a result.
package leontief
