#include "lanes.h"

// 128-bit sums of int64 values: the lower halves of the values, unsigned, and the upper halves, signed, are added apart,
// modulo 2⁶⁴; the sum is upper·2³² + lower. Exact below 2³¹ rows, in any order.

enum { groupsNear = 1024 };

// groupSum adds value[i] to the group group[i]; rows of negative groups are left out. Few groups are added within the
// block first.
KERNEL groupSum(const int *group, const i64 *value, i64 rows, i64 groups, u64 *lower, u64 *upper) {
	SHARED u64 near[2 * groupsNear];
	bool few = groups <= groupsNear;
	if (few) {
		for (i64 g = threadInBlock(); g < 2 * groups; g += blockSize())
			near[g] = 0;
		syncBlock();
	}
	u64 *low = few ? near : lower, *high = few ? near + groups : upper;
	for (i64 i = globalThread(); i < rows; i += blocksX() * blockSize()) {
		i64 g = group[i];
		if (g < 0)
			continue;
		addAtomic(low + g, (u64)value[i] & 0xffffffffu);
		addAtomic(high + g, (u64)(value[i] >> 32));
	}
	if (!few)
		return;
	syncBlock();
	for (i64 g = threadInBlock(); g < groups; g += blockSize()) {
		if (near[g] != 0 || near[groups + g] != 0) {
			addAtomic(lower + g, near[g]);
			addAtomic(upper + g, near[groups + g]);
		}
	}
}

// maskedSum adds the values whose bit is set in mask, bit i%64 of word i/64.
KERNEL maskedSum(const u64 *mask, const i64 *value, i64 rows, u64 *lower, u64 *upper) {
	SHARED u64 near[2];
	if (threadInBlock() < 2)
		near[threadInBlock()] = 0;
	syncBlock();
	u64 low = 0, high = 0;
	for (i64 i = globalThread(); i < rows; i += blocksX() * blockSize()) {
		u64 keep = 0 - (mask[i >> 6] >> (i & 63) & 1);
		low += (u64)value[i] & 0xffffffffu & keep;
		high += (u64)(value[i] >> 32) & keep;
	}
	addAtomic(near, low);
	addAtomic(near + 1, high);
	syncBlock();
	if (threadInBlock() == 0) {
		addAtomic(lower, near[0]);
		addAtomic(upper, near[1]);
	}
}
