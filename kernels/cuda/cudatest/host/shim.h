// The kernels' surroundings on the host: threads of a block are coroutines on one thread of this process, each run until
// it meets a barrier or an exchange. A warp goes on when all its live threads are there, a block likewise. Every other
// launch takes threads, warps and blocks in reverse, so that a result that hangs on their order shows.
#pragma once
#include <cstring>
#include <cstdlib>

#define KERNEL extern "C" void
#define DEVICE static inline
#define SHARED static

struct Thread {
	void *stack, *at; // memory of the stack; where it stopped
	int place;        // in the block
	int waits;        // 0: runs, 1: for its warp, 2: for its block, 3: ended
	double gave;
};

struct Shim {
	Thread threads[1024];
	Thread *now;
	void *scheduler;
	int size;
	long long x, y, blocksX;
	void (*body)(void *);
	void *arguments;
};
extern Shim shim;
extern "C" void shimSwitch(void **from, void *to);

DEVICE int threadInBlock() { return shim.now->place; }
DEVICE int blockSize() { return shim.size; }
DEVICE i64 blockX() { return shim.x; }
DEVICE i64 blockY() { return shim.y; }
DEVICE i64 blocksX() { return shim.blocksX; }

DEVICE void shimWait(int forWhat) {
	shim.now->waits = forWhat;
	shimSwitch(&shim.now->at, shim.scheduler);
}
DEVICE void syncBlock() { shimWait(2); }
DEVICE void syncWarp() { shimWait(1); }

DEVICE double swap(double v, int mask) {
	Thread *me = shim.now;
	me->gave = v;
	shimWait(1); // all have given
	double other = shim.threads[me->place ^ mask].gave;
	shimWait(1); // all have taken
	return other;
}

DEVICE void addAtomic(u64 *to, u64 v) { *to += v; }
