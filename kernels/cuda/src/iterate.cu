#include "lanes.h"

// spmv is kernels.SpMV: dst = A·x. Eight threads a row.
KERNEL spmv(double *dst, const i64 *ptr, const int *col, const double *val, const double *x, i64 rows) {
	i64 row = globalThread() >> 3;
	int lane = threadInBlock() & 7;
	double s = rowDot(ptr, col, val, x, row, row < rows, lane);
	if (row < rows && lane == 0)
		dst[row] = s;
}

// halpernPrimal is g = Aᵀy and kernels.HalpernPrimal in one pass; the matrix is Aᵀ by rows.
KERNEL halpernPrimal(const i64 *ptr, const i64 *ends, i64 blocks, const int *col, const double *val, const double *y, i64 columns,
                     double *x, double *xhat, double *refl, const double *anchor, const double *c, double *g, const double *lo, const double *hi,
                     double tau, double a, double b) {
	i64 j = globalThread() >> 3;
	int lane = threadInBlock() & 7;
	double s = blocksDot(ptr, ends, blocks, col, val, y, j, columns, lane);
	if (j >= columns || lane != 0)
		return;
	g[j] = s;
	double xj = x[j], move = tau * (c[j] - s), h = xj - move;
	if (h < lo[j])
		h = lo[j];
	if (h > hi[j])
		h = hi[j];
	double twice = 2 * h, r = twice - xj;
	xhat[j] = h;
	refl[j] = r;
	double ar = a * r, ba = b * anchor[j];
	x[j] = ar + ba;
}

// halpernDual is g = A·refl and kernels.HalpernDual in one pass.
KERNEL halpernDual(const i64 *ptr, const i64 *ends, i64 blocks, const int *col, const double *val, const double *refl, i64 rows,
                   double *y, double *yhat, const double *anchor, const double *lo, const double *hi, double sigma, double inv, double a, double b) {
	i64 i = globalThread() >> 3;
	int lane = threadInBlock() & 7;
	double s = blocksDot(ptr, ends, blocks, col, val, refl, i, rows, lane);
	if (i >= rows || lane != 0)
		return;
	double yi = y[i], yinv = yi * inv, q = yinv - s, p = q;
	if (p < -hi[i])
		p = -hi[i];
	if (p > -lo[i])
		p = -lo[i];
	double h = sigma * (q - p);
	yhat[i] = h;
	double twice = 2 * h, ay = a * (twice - yi), ba = b * anchor[i];
	y[i] = ay + ba;
}
