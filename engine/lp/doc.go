// Package lp solves linear programs
//
//	minimise c·x + c0   subject to   lc ≤ A x ≤ uc,   lv ≤ x ≤ uv
//
// with rows two-sided as they are, and proves how good its answers are. It knows nothing of economies.
//
// # The parts
//
//	problem.go     the program and what makes it valid; mps*.go reads and writes it
//	solve.go       what happens in which order; settings.go: settings, statuses, the solution
//	presolve*.go   reductions before, and the way back for x, y and the reduced costs
//	scale.go       Ruiz and Pock–Chambolle scaling
//	pdhg.go        restarted reflected Halpern PDHG; step.go, restart.go, terminate.go, rays.go, polish.go: its parts
//	backend.go     the few fused steps a machine offers; host.go: this machine, device.go: another one
//	ipm*.go        homogeneous interior point for programs whose factor is small, on
//	order.go, chol*.go   a sparse LDLᵀ factorisation with a fill-reducing order
//	plan*.go       the combined method for Leontief substitution systems with side constraints
//	certificate.go residuals, gap and a rigorous bound, from the program as given, in twice the precision
//
// # Duals and signs
//
// y_i is the rate at which the optimum changes with the bound of row i that binds: ≥ 0 where only the lower bound is
// finite, ≤ 0 where only the upper one is. Reduced costs are c − Aᵀy. The dual objective is
//
//	c0 + Σ_i (y_i > 0 ? lc_i : uc_i) y_i + Σ_j (r_j > 0 ? lv_j : uv_j) r_j,
//
// r the part of c − Aᵀy whose bounds are finite; the other part is the dual residual.
//
// # Bits
//
// A result has the same bits for every number of threads: work is cut by the data, sums run in the order of
// kernels/doc.go within a piece and in the order of the pieces. Only a time limit or an interruption makes a
// difference between runs.
//
// # Sources
//
// [cuPDLPx] Lu, Peng, Yang, arXiv 2507.14051. [PDLP] Applegate et al., arXiv 2106.04756, 2501.07018.
// [AA] Andersen, Andersen, The Mosek interior point optimizer, 2000. [AMD] Amestoy, Davis, Duff, SIAM J. Matrix Anal.
// 17 (1996) 886. [NS] Neumaier, Shcherbina, Math. Program. 99 (2004) 283. [V] Veinott, Extreme points of Leontief
// substitution systems, Linear Algebra Appl. 2 (1969) 181. [SNIPAL] Li, Sun, Toh, SIAM J. Optim. 30 (2020) 2410.
package lp
