// What every kernel needs: where a thread is, exchange within a warp, and the order of float sums of kernels/doc.go.
// PLANWERK_HOST compiles the same kernels for the host, where shim.h stands in for the GPU.
//
// Parameters are 64 bits wide, so that a launch is an array of words. Nothing here fuses a product with a sum: the
// sources are compiled with -ffp-contract=off.
#pragma once

typedef long long i64;
typedef unsigned long long u64;
typedef unsigned int u32;

#ifdef PLANWERK_HOST
#include "shim.h"
#else
#define KERNEL extern "C" __attribute__((global)) void
#define DEVICE static inline __attribute__((device))
#define SHARED __attribute__((shared))

DEVICE int threadInBlock() { return __nvvm_read_ptx_sreg_tid_x(); }
DEVICE int blockSize() { return __nvvm_read_ptx_sreg_ntid_x(); }
DEVICE i64 blockX() { return __nvvm_read_ptx_sreg_ctaid_x(); }
DEVICE i64 blockY() { return __nvvm_read_ptx_sreg_ctaid_y(); }
DEVICE i64 blocksX() { return __nvvm_read_ptx_sreg_nctaid_x(); }
DEVICE void syncBlock() { __syncthreads(); }
DEVICE void syncWarp() { __nvvm_bar_warp_sync(0xffffffffu); }

// swap gives the value of the thread whose place in the warp differs by the bits of mask. All 32 threads take part.
DEVICE double swap(double v, int mask) {
	union { double d; int w[2]; } a;
	a.d = v;
	a.w[0] = __nvvm_shfl_sync_bfly_i32(0xffffffffu, a.w[0], mask, 31);
	a.w[1] = __nvvm_shfl_sync_bfly_i32(0xffffffffu, a.w[1], mask, 31);
	return a.d;
}

DEVICE void addAtomic(u64 *to, u64 v) { __atomic_fetch_add(to, v, __ATOMIC_RELAXED); }
#endif

DEVICE i64 globalThread() { return blockX() * blockSize() + threadInBlock(); }

// foldLanes adds eight lanes in the fixed tree; the first of each eight threads has ((0+4)+(2+6)) + ((1+5)+(3+7)).
DEVICE double foldLanes(double s) {
	s = s + swap(s, 4);
	s = s + swap(s, 2);
	return s + swap(s, 1);
}

// someDot adds the products of a row's entries from place k on, below end, to lane l's s: those at l, l+8, l+16, … in
// turn. Four products are under way at once; they are added one after another.
DEVICE double someDot(const int *col, const double *val, const double *x, i64 k, i64 end) {
	double s = 0;
	for (; k + 24 < end; k += 32) {
		double p0 = val[k] * x[col[k]], p1 = val[k + 8] * x[col[k + 8]];
		double p2 = val[k + 16] * x[col[k + 16]], p3 = val[k + 24] * x[col[k + 24]];
		s = s + p0;
		s = s + p1;
		s = s + p2;
		s = s + p3;
	}
	for (; k < end; k += 8) {
		double p = val[k] * x[col[k]];
		s = s + p;
	}
	return s;
}

// rowDot is the product of one row with x by eight threads, lane by lane. Rows that are not live have no entries.
DEVICE double rowDot(const i64 *ptr, const int *col, const double *val, const double *x, i64 row, bool live, int lane) {
	i64 k = live ? ptr[row] : 0, end = live ? ptr[row + 1] : 0;
	return foldLanes(someDot(col, val, x, k + lane, end));
}

// blocksDot is rowDot block of columns after block: the sum of the blocks' products, in their order. Of all blocks but the
// last, row's entries end at ends[b * rows + row].
DEVICE double blocksDot(const i64 *ptr, const i64 *ends, i64 blocks, const int *col, const double *val, const double *x, i64 row,
                        i64 rows, int lane) {
	bool live = row < rows;
	i64 k = live ? ptr[row] : 0;
	double sum = 0;
	for (i64 b = 0; b < blocks; b++) {
		i64 end = live ? b + 1 < blocks ? ends[b * rows + row] : ptr[row + 1] : 0;
		double s = foldLanes(someDot(col, val, x, k + lane, end));
		sum = b == 0 ? s : sum + s;
		k = end;
	}
	return sum;
}

DEVICE bool isNaN(double v) { return v != v; }
DEVICE bool isInfinite(double v) { return v - v != 0 && !isNaN(v); }
DEVICE double sizeOf(double v) { return v < 0 ? -v : v == 0 ? 0 : v; }
