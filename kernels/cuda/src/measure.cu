#include "lanes.h"

// The sums of a check (kernels/device, Sums). A warp takes a piece of columns or rows: its threads make the terms of 32
// of them at a time, then one thread per sum adds them in their order, as the definition does.

enum { fixedPoint, move, residual, objective, dualObjective, rayCost, rayMiss, farkas, farkasMiss, worst, sums };

enum { warpsOfMeasure = 8 };

DEVICE bool noLower(double lo) { return lo < 0 && isInfinite(lo); }
DEVICE bool noUpper(double hi) { return hi > 0 && isInfinite(hi); }

// leaves says that a direction d goes where a finite bound stops it.
DEVICE bool leaves(double d, double lo, double hi) { return (d < 0 && !noLower(lo)) || (d > 0 && !noUpper(hi)); }

// boundValue splits a dual value: the part kept is the one whose bound is finite, and what it is worth at that bound.
DEVICE double boundValue(double r, double lo, double hi, double *worth) {
	if (r > 0 && !noLower(lo)) {
		*worth = r * lo;
		return r;
	}
	if (r < 0 && !noUpper(hi)) {
		*worth = r * hi;
		return r;
	}
	*worth = 0;
	return 0;
}

// collect adds the terms of up to 32 elements to the running sum of each thread, the larger instead for the worst.
DEVICE double collect(double s, double (*terms)[33], int lane, i64 count) {
	syncWarp();
	if (count > 32)
		count = 32;
	if (lane < worst) {
		for (int t = 0; t < count; t++)
			s = s + terms[lane][t];
	} else if (lane == worst) {
		for (int t = 0; t < count; t++) {
			double v = terms[worst][t];
			if (!isNaN(s) && !(v <= s))
				s = v;
		}
	}
	syncWarp();
	return s;
}

KERNEL measureColumns(const i64 *pieces, i64 count, double *out, const double *xhat, const double *before, const double *anchor,
                      const double *aty, const double *atyHat, const double *atyAnchor, const double *c, const double *lo,
                      const double *hi, const double *scale, double eta, double w, double beta, double gamma) {
	SHARED double all[warpsOfMeasure][sums][33];
	int lane = threadInBlock() & 31, warp = threadInBlock() >> 5;
	double(*terms)[33] = all[warp];
	i64 piece = blockX() * warpsOfMeasure + warp;
	if (piece >= count)
		return;
	double value = 1 / (beta * gamma), s = 0;
	double eta2 = 2 * eta;
	i64 end = pieces[2 * piece + 1];
	for (i64 from = pieces[2 * piece]; from < end; from += 32) {
		i64 j = from + lane;
		if (j < end) {
			double d = xhat[j] - before[j], wd = w * d, e = eta2 * (atyHat[j] - aty[j]);
			double p0 = wd * d, p1 = e * d;
			terms[fixedPoint][lane] = p0 + p1;
			double dx = xhat[j] - anchor[j];
			terms[move][lane] = dx * dx;
			double cx = c[j] * xhat[j];
			terms[objective][lane] = cx * value;
			double worth, r = c[j] - atyHat[j], kept = boundValue(r, lo[j], hi[j], &worth);
			terms[dualObjective][lane] = worth * value;
			double miss = (r - kept) / (scale[j] * gamma);
			terms[residual][lane] = miss * miss;
			double cdx = c[j] * dx;
			terms[rayCost][lane] = cdx * value;
			double v = 0;
			if (leaves(dx, lo[j], hi[j]))
				v = dx * scale[j] / beta;
			terms[rayMiss][lane] = v * v;
			r = atyAnchor[j] - atyHat[j];
			kept = boundValue(r, lo[j], hi[j], &worth);
			terms[farkas][lane] = worth * value;
			miss = (r - kept) / (scale[j] * gamma);
			terms[farkasMiss][lane] = miss * miss;
			terms[worst][lane] = 0;
		}
		s = collect(s, terms, lane, end - from);
	}
	if (lane < sums)
		out[piece * sums + lane] = s;
}

KERNEL measureRows(const i64 *pieces, i64 count, double *out, const double *yhat, const double *before, const double *anchor,
                   const double *axHat, const double *axAnchor, const double *lo, const double *hi, const double *scale, double w,
                   double beta, double gamma) {
	SHARED double all[warpsOfMeasure][sums][33];
	int lane = threadInBlock() & 31, warp = threadInBlock() >> 5;
	double(*terms)[33] = all[warp];
	i64 piece = blockX() * warpsOfMeasure + warp;
	if (piece >= count)
		return;
	double value = 1 / (beta * gamma), s = 0;
	i64 end = pieces[2 * piece + 1];
	for (i64 from = pieces[2 * piece]; from < end; from += 32) {
		i64 i = from + lane;
		if (i < end) {
			double d = yhat[i] - before[i], dd = d * d;
			terms[fixedPoint][lane] = dd / w;
			double dy = yhat[i] - anchor[i];
			terms[move][lane] = dy * dy;
			double act = axHat[i], kept = act, worth;
			if (kept < lo[i])
				kept = lo[i];
			if (kept > hi[i])
				kept = hi[i];
			double miss = sizeOf(act - kept) / (scale[i] * beta);
			terms[residual][lane] = miss * miss;
			terms[worst][lane] = miss;
			terms[objective][lane] = 0;
			terms[rayCost][lane] = 0;
			boundValue(yhat[i], lo[i], hi[i], &worth);
			terms[dualObjective][lane] = worth * value;
			double dax = (act - axAnchor[i]) / (scale[i] * beta);
			if (!leaves(dax, lo[i], hi[i]))
				dax = 0;
			terms[rayMiss][lane] = dax * dax;
			kept = boundValue(dy, lo[i], hi[i], &worth);
			terms[farkas][lane] = worth * value;
			double wrong = (dy - kept) * scale[i] / gamma;
			terms[farkasMiss][lane] = wrong * wrong;
		}
		s = collect(s, terms, lane, end - from);
	}
	if (lane < sums)
		out[piece * sums + lane] = s;
}
