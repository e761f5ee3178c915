#include "lanes.h"

// What is reachable from roots in a graph without circles: 256 roots a batch, one bit each; many batches side by side.
// mask holds four words per vertex and batch.

// reachSeed marks the roots of each batch at themselves; places past the last root hold −1.
KERNEL reachSeed(u64 *mask, const int *roots, i64 vertices) {
	int bit = threadInBlock();
	i64 root = roots[blockX() * 256 + bit];
	if (root >= 0)
		mask[((blockX() * vertices) + root) * 4 + (bit >> 6)] |= (u64)1 << (bit & 63);
}

// reachLevel joins, for the vertices list[from] … list[to−1], the masks of their wholes into their own. No whole is of
// the same level or a later one. blockY is the batch.
KERNEL reachLevel(u64 *mask, const int *list, i64 from, i64 to, const int *first, const int *wholes, i64 vertices) {
	i64 at = globalThread(), place = from + (at >> 2), word = at & 3;
	if (place >= to)
		return;
	u64 *own = mask + blockY() * vertices * 4;
	i64 v = list[place];
	u64 m = own[v * 4 + word];
	for (int k = first[v]; k < first[v + 1]; k++)
		m |= own[(i64)wholes[k] * 4 + word];
	own[v * 4 + word] = m;
}

// reachSum adds weight and count of all vertices that each root reaches, modulo 2⁶⁴. A block takes every
// blocksX()-th stretch of 64 vertices of one batch, one thread a root.
KERNEL reachSum(const u64 *mask, const i64 *weight, const i64 *count, i64 vertices, u64 *sums, u64 *counts) {
	int bit = threadInBlock();
	const u64 *own = mask + blockY() * vertices * 4 + (bit >> 6);
	u64 s = 0, c = 0;
	for (i64 from = blockX() * 64; from < vertices; from += blocksX() * 64) {
		i64 to = from + 64 < vertices ? from + 64 : vertices;
		for (i64 v = from; v < to; v++) {
			if (own[v * 4] >> (bit & 63) & 1) {
				s += weight[v];
				c += count[v];
			}
		}
	}
	if (c != 0 || s != 0) {
		addAtomic(sums + blockY() * 256 + bit, s);
		addAtomic(counts + blockY() * 256 + bit, c);
	}
}
