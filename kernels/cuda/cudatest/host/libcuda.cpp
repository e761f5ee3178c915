// A libcuda.so.1 without a GPU, for tests: the driver functions planwerk calls, on this process's memory, with the
// kernels compiled for the host. Copies and launches happen at once. PLANWERK_FAKE_CUDA makes things go wrong, several
// of them apart by commas:
//
//	no-device, old-driver, old-device, no-module, no-kernel
//	memory=N       bytes of device memory
//	free=N         bytes that cuMemGetInfo calls free, whatever is left
//	lose=N         the Nth launch fails with CUDA_ERROR_LAUNCH_FAILED, and every call after it
//	refuse=N       the Nth launch fails with CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES
//	log=FILE       launches by kernel so far, and the device memory held, are written there at every cuMemFree
#define PLANWERK_HOST
#include <cstdio>
#include <map>
#include <string>
#include <utility>

#include "../../src/planwerk.cu"

Shim shim;

// shimSwitch keeps what a call must keep, notes the stack and goes on at another.
asm(R"(
.text
.globl shimSwitch
shimSwitch:
	push %rbp
	push %rbx
	push %r12
	push %r13
	push %r14
	push %r15
	mov %rsp, (%rdi)
	mov %rsi, %rsp
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbx
	pop %rbp
	ret
)");

static const size_t stackSize = 64 << 10;

static void threadMain() {
	shim.body(shim.arguments);
	shim.now->waits = 3;
	shimSwitch(&shim.now->at, shim.scheduler);
	abort();
}

// begin makes a thread that starts in threadMain.
static void begin(int place) {
	Thread &t = shim.threads[place];
	if (!t.stack)
		t.stack = aligned_alloc(16, stackSize);
	t.place = place;
	t.waits = 0;
	t.gave = 0.0 / 0.0;
	void **top = (void **)((char *)t.stack + stackSize) - 2;
	*--top = (void *)threadMain; // where the first switch returns to, with the stack as after a call
	for (int i = 0; i < 6; i++)
		*--top = nullptr;
	t.at = top;
}

// runBlock runs the threads of one block to their ends.
static void runBlock(bool backwards) {
	for (int i = 0; i < shim.size; i++)
		begin(i);
	for (;;) {
		for (int warp = 0; warp * 32 < shim.size; warp++) {
			int first = (backwards ? (shim.size - 1) / 32 - warp : warp) * 32;
			int last = first + 32 < shim.size ? first + 32 : shim.size;
			for (bool again = true; again;) {
				int waiting = 0, others = 0; // others: at a barrier of the block, or ended
				for (int i = first; i < last; i++) {
					Thread &t = shim.threads[backwards ? last - 1 - (i - first) : i];
					if (t.waits == 0) {
						shim.now = &t;
						shimSwitch(&shim.scheduler, t.at);
					}
					waiting += t.waits == 1;
					others += t.waits >= 2;
				}
				if (waiting && others) {
					fprintf(stderr, "a warp waits for threads that are elsewhere\n");
					abort();
				}
				for (int i = first; i < last; i++)
					if (shim.threads[i].waits == 1)
						shim.threads[i].waits = 0;
				again = waiting > 0;
			}
		}
		int waiting = 0;
		for (int i = 0; i < shim.size; i++)
			if (shim.threads[i].waits == 2) {
				shim.threads[i].waits = 0;
				waiting++;
			}
		if (!waiting)
			return;
	}
}

// A kernel by name, with its parameters taken from the words of a launch.
template <class... A, size_t... I> static void unpack(void (*f)(A...), void **p, std::index_sequence<I...>) { f(*(A *)p[I]...); }
template <auto F> struct Packed;
template <class... A, void (*F)(A...)> struct Packed<F> {
	static void run(void *p) { unpack(F, (void **)p, std::index_sequence_for<A...>()); }
};

struct Kernel {
	const char *name;
	void (*run)(void *);
	long launches;
};
#define NAMED(f) {#f, Packed<&f>::run, 0}
static Kernel kernels[] = {NAMED(spmv), NAMED(halpernPrimal), NAMED(halpernDual), NAMED(measureColumns), NAMED(measureRows),
	NAMED(blockApply), NAMED(blockDots), NAMED(blockAxpy), NAMED(blockDirect), NAMED(blockThrough), NAMED(blockSubtract),
	NAMED(reachSeed), NAMED(reachLevel), NAMED(reachSum), NAMED(groupSum), NAMED(maskedSum)};

// What goes wrong; planwerkFake says it within a process.
static std::string faults = getenv("PLANWERK_FAKE_CUDA") ? getenv("PLANWERK_FAKE_CUDA") : "";
extern "C" void planwerkFake(const char *text) { faults = text; }
static std::string setting(const char *name) {
	std::string s = "," + faults + ",", key = std::string(",") + name;
	size_t at = s.find(key);
	if (at == std::string::npos || (s[at + key.size()] != ',' && s[at + key.size()] != '='))
		return "";
	size_t from = at + key.size();
	return s[from] == ',' ? "yes" : s.substr(from + 1, s.find(',', from) - from - 1);
}
static long number(const char *name, long otherwise) {
	std::string s = setting(name);
	return s.empty() ? otherwise : atol(s.c_str());
}

enum { ok = 0, invalidValue = 1, outOfMemory = 2, noDevice = 100, invalidImage = 200, notFound = 500, outOfResources = 701, launchFailed = 719 };

static std::map<char *, size_t> held; // device memory
static size_t used;
static long launches;
static bool gone;

// inside says that a range lies in one piece of device memory.
static bool inside(char *p, size_t bytes) {
	auto it = held.upper_bound(p);
	if (it == held.begin())
		return false;
	--it;
	return p + bytes <= it->first + it->second;
}

static void writeLog() {
	if (FILE *f = fopen(setting("log").c_str(), "w")) {
		for (auto &k : kernels)
			fprintf(f, "%s %ld\n", k.name, k.launches);
		fprintf(f, "held %zu\n", used);
		fclose(f);
	}
}

#define CALL extern "C" int
#define ALIVE if (gone) return launchFailed

CALL cuInit(unsigned) {
	return setting("no-device").empty() ? ok : noDevice;
}
CALL cuDriverGetVersion(int *v) { *v = setting("old-driver").empty() ? 12040 : 10020; return ok; }
CALL cuGetErrorString(int code, const char **text) {
	static const std::map<int, const char *> texts = {{invalidValue, "invalid argument"}, {outOfMemory, "out of memory"},
		{noDevice, "no CUDA-capable device is detected"}, {invalidImage, "device kernel image is invalid"},
		{notFound, "named symbol not found"}, {outOfResources, "too many resources requested for launch"},
		{launchFailed, "unspecified launch failure"}};
	auto it = texts.find(code);
	*text = it == texts.end() ? nullptr : it->second;
	return it == texts.end() ? invalidValue : ok;
}
CALL cuDeviceGetCount(int *n) { *n = 1; return ok; }
CALL cuDeviceGet(int *dev, int ordinal) { *dev = ordinal; return ordinal == 0 ? ok : invalidValue; }
CALL cuDeviceGetName(char *name, int len, int) { snprintf(name, len, "Host shim"); return ok; }
CALL cuDeviceTotalMem_v2(size_t *bytes, int) { *bytes = number("memory", 4L << 30); return ok; }
CALL cuDeviceGetAttribute(int *v, int what, int) {
	*v = what == 75 ? (setting("old-device").empty() ? 9 : 7) : what == 76 ? 0 : -1;
	return ok;
}
CALL cuCtxCreate_v2(void **c, unsigned, int) { *c = (void *)&shim; return ok; }
CALL cuCtxDestroy_v2(void *) { ALIVE; return ok; }
CALL cuMemGetInfo_v2(size_t *free, size_t *total) {
	ALIVE;
	*total = number("memory", 4L << 30);
	*free = number("free", *total - used);
	return ok;
}
CALL cuModuleLoadData(void **m, const void *image) {
	*m = (void *)kernels;
	return strstr((const char *)image, ".target sm_80") && setting("no-module").empty() ? ok : invalidImage;
}
CALL cuModuleGetFunction(void **f, void *, const char *name) {
	for (auto &k : kernels)
		if (!strcmp(k.name, name) && setting("no-kernel").empty()) {
			*f = &k;
			return ok;
		}
	return notFound;
}
CALL cuMemAlloc_v2(char **p, size_t bytes) {
	ALIVE;
	if (bytes == 0)
		return invalidValue;
	if (used + bytes > (size_t)number("memory", 4L << 30))
		return outOfMemory;
	*p = (char *)aligned_alloc(256, (bytes + 255) / 256 * 256);
	memset(*p, 0xff, bytes); // NaN, so that nothing leans on zeros
	held[*p] = bytes;
	used += bytes;
	return ok;
}
CALL cuMemFree_v2(char *p) {
	ALIVE;
	if (!held.count(p))
		return invalidValue;
	used -= held[p];
	held.erase(p);
	free(p);
	if (!setting("log").empty())
		writeLog();
	return ok;
}
CALL cuMemAllocHost_v2(void **p, size_t bytes) { ALIVE; *p = malloc(bytes); return ok; }
CALL cuMemFreeHost(void *p) { ALIVE; free(p); return ok; }
CALL cuMemcpyHtoDAsync_v2(char *dst, const void *src, size_t n, void *) {
	ALIVE;
	if (!inside(dst, n))
		return invalidValue;
	memcpy(dst, src, n);
	return ok;
}
CALL cuMemcpyDtoHAsync_v2(void *dst, char *src, size_t n, void *) {
	ALIVE;
	if (!inside(src, n))
		return invalidValue;
	memcpy(dst, src, n);
	return ok;
}
CALL cuMemcpyDtoDAsync_v2(char *dst, char *src, size_t n, void *) {
	ALIVE;
	if (!inside(dst, n) || !inside(src, n))
		return invalidValue;
	memmove(dst, src, n);
	return ok;
}
CALL cuMemsetD8Async(char *dst, unsigned char v, size_t n, void *) {
	ALIVE;
	if (!inside(dst, n))
		return invalidValue;
	memset(dst, v, n);
	return ok;
}
CALL cuLaunchKernel(void *f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned, void *, void **params, void **) {
	ALIVE;
	launches++;
	if (launches == number("lose", -1)) {
		gone = true;
		return launchFailed;
	}
	if (launches == number("refuse", -1))
		return outOfResources;
	if (!gx || !gy || gz != 1 || gy > 65535 || !bx || bx > 1024 || by != 1 || bz != 1)
		return invalidValue;
	Kernel *k = (Kernel *)f;
	k->launches++;
	bool backwards = k->launches % 2 == 0;
	shim.size = bx;
	shim.blocksX = gx;
	shim.body = k->run;
	shim.arguments = params;
	long long blocks = (long long)gx * gy;
	for (long long i = 0; i < blocks; i++) {
		long long b = backwards ? blocks - 1 - i : i;
		shim.x = b % gx;
		shim.y = b / gx;
		runBlock(backwards);
	}
	return ok;
}
CALL cuStreamCreate(void **s, unsigned) { ALIVE; *s = (void *)&launches; return ok; }
CALL cuStreamSynchronize(void *) { ALIVE; return ok; }
CALL cuStreamDestroy_v2(void *) { ALIVE; return ok; }
CALL cuEventCreate(void **e, unsigned) { ALIVE; *e = (void *)&used; return ok; }
CALL cuEventRecord(void *, void *) { ALIVE; return ok; }
CALL cuEventSynchronize(void *) { ALIVE; return ok; }
CALL cuEventDestroy_v2(void *) { ALIVE; return ok; }
