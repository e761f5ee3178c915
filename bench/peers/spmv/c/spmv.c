// The peer: the same loops in plain C, one thread, as the compiler makes them with -O3 -march=native.
//
// The data comes on stdin as it lies in memory, then commands of one byte: 'r' runs and answers "wall-ns cpu-ns\n",
// 'p' prints the result as it lies in memory.
//
// PAGES is plain, memory as malloc gives it, or large, memory that asks for large pages as planwerk's does.
//
//	spmv product PAGES ROWS NONZEROS TIMES    ptr int64[ROWS+1], col int32[NONZEROS], val double[NONZEROS], x double[ROWS] → y double[ROWS]
//	spmv averages PAGES ROWS GROUPS           code int32[ROWS], amount int64[ROWS], value int64[ROWS] → __int128[2·GROUPS]
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

static int large;

static void *take(size_t bytes) {
	const size_t page = 2 << 20;
	void *p = large ? aligned_alloc(page, (bytes + page) / page * page) : malloc(bytes);
	if (!p)
		exit(3);
	if (large)
		madvise(p, bytes, MADV_HUGEPAGE);
	return p;
}

static void *reads(size_t bytes) {
	char *p = take(bytes);
	if (fread(p, 1, bytes, stdin) != bytes)
		exit(4);
	return p;
}

static long long since(clockid_t clock) {
	struct timespec t;
	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void product(size_t rows, const int64_t *restrict ptr, const int32_t *restrict col, const double *restrict val,
	const double *restrict x, double *restrict y) {
	for (size_t i = 0; i < rows; i++) {
		double s = 0;
		for (int64_t k = ptr[i]; k < ptr[i + 1]; k++)
			s += val[k] * x[col[k]];
		y[i] = s;
	}
}

static void averages(size_t rows, const int32_t *restrict code, const int64_t *restrict amount, const int64_t *restrict value,
	__int128 *restrict sums, size_t groups) {
	memset(sums, 0, 2 * groups * sizeof *sums);
	for (size_t i = 0; i < rows; i++) {
		sums[code[i]] += amount[i];
		sums[groups + code[i]] += value[i];
	}
}

int main(int argc, char **argv) {
	if (argc < 5)
		return 2;
	int sparse = !strcmp(argv[1], "product");
	large = !strcmp(argv[2], "large");
	size_t rows = strtoull(argv[3], 0, 10), n = strtoull(argv[4], 0, 10), bytes;
	int times = argc > 5 ? atoi(argv[5]) : 1;
	void *a, *b, *c, *x = 0, *out;
	if (sparse) {
		a = reads((rows + 1) * 8), b = reads(n * 4), c = reads(n * 8), x = reads(rows * 8);
		out = take(bytes = rows * 8);
	} else {
		a = reads(rows * 4), b = reads(rows * 8), c = reads(rows * 8);
		out = take(bytes = 32 * n);
	}
	for (int command; (command = getchar()) != EOF;) {
		if (command == 'p') {
			fwrite(out, 1, bytes, stdout);
		} else {
			long long wall = since(CLOCK_MONOTONIC), cpu = since(CLOCK_PROCESS_CPUTIME_ID);
			for (int i = 0; i < times; i++) {
				if (sparse)
					product(rows, a, b, c, x, out);
				else
					averages(rows, a, b, c, out, n);
				__asm__ volatile("" : : "r"(out) : "memory"); // every pass counts
			}
			cpu = since(CLOCK_PROCESS_CPUTIME_ID) - cpu, wall = since(CLOCK_MONOTONIC) - wall;
			printf("%lld %lld\n", wall, cpu);
		}
		fflush(stdout);
	}
	return 0;
}
