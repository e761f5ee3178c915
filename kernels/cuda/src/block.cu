#include "lanes.h"

// Several right-hand sides with one matrix. Vectors are interleaved: side k of row i at i·width + k.

// blockApply is sparse.MulMulti, dst = M·X, each sum in the order of the row's entries; less makes it X − M·X. One
// thread a row and side.
KERNEL blockApply(double *dst, const i64 *ptr, const int *col, const double *val, const double *x, i64 rows, i64 width, i64 less) {
	i64 at = globalThread(), row = at / width, side = at % width;
	if (row >= rows)
		return;
	double s = 0;
	i64 end = ptr[row + 1];
	for (i64 k = ptr[row]; k < end; k++) {
		double p = val[k] * x[col[k] * width + side];
		s = s + p;
	}
	dst[at] = less ? x[at] - s : s;
}

// blockDots adds up a·b and c·d per side over each piece of rows, in the order of the rows: out holds 2·16 sums a piece.
// A warp takes a piece, each half of it one of the products.
KERNEL blockDots(const i64 *pieces, i64 count, double *out, const double *a, const double *b, const double *c, const double *d,
                 i64 width) {
	i64 piece = globalThread() >> 5;
	int lane = threadInBlock() & 31, side = lane & 15;
	if (piece >= count)
		return;
	const double *v = lane < 16 ? a : c, *w = lane < 16 ? b : d;
	double s = 0;
	if (side < width) {
		i64 end = pieces[2 * piece + 1] * width;
		for (i64 at = pieces[2 * piece] * width + side; at < end; at += width) {
			double p = v[at] * w[at];
			s = s + p;
		}
	}
	out[piece * 32 + lane] = s;
}

// blockAxpy adds f·v to w, one factor per side.
KERNEL blockAxpy(double *w, const double *f, const double *v, i64 rows, i64 width) {
	i64 at = globalThread();
	if (at >= rows * width)
		return;
	double p = f[at % width] * v[at];
	w[at] = w[at] + p;
}

// blockDirect sets dir to r + beta·(dir − omega·v).
KERNEL blockDirect(double *dir, const double *r, const double *v, const double *beta, const double *omega, i64 rows, i64 width) {
	i64 at = globalThread();
	if (at >= rows * width)
		return;
	double o = omega[at % width] * v[at], b = beta[at % width] * (dir[at] - o);
	dir[at] = r[at] + b;
}

// blockThrough sets dst to src by rows times d.
KERNEL blockThrough(double *dst, const double *src, const double *d, i64 rows, i64 width) {
	i64 at = globalThread();
	if (at < rows * width)
		dst[at] = src[at] * d[at / width];
}

// blockSubtract sets dst and copy to a − dst.
KERNEL blockSubtract(double *dst, double *copy, const double *a, i64 rows, i64 width) {
	i64 at = globalThread();
	if (at >= rows * width)
		return;
	double v = a[at] - dst[at];
	dst[at] = v;
	copy[at] = v;
}
