package bench

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/klauspost/cpuid/v2"

	"planwerk/kernels/system"
)

// Machine names the processor, its cores and memory, and the Go version.
func Machine() string {
	name := cpuid.CPU.BrandName
	if name == "" {
		name = runtime.GOARCH
	}
	return fmt.Sprintf("%s, %d cores, %s, %s", name, runtime.NumCPU(), memory(), runtime.Version())
}

// memory is the machine's main memory in words.
func memory() string {
	bytes := MemoryBytes()
	if bytes == 0 {
		return "memory unknown"
	}
	return fmt.Sprintf("%.0f GiB", float64(bytes)/(1<<30))
}

// Commit is the revision the program was built from, marked where the tree had changes.
func Commit() string {
	info, ok := debug.ReadBuildInfo()
	revision, changed := "", ""
	if ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision" && len(s.Value) >= 10:
				revision = s.Value[:10]
			case s.Key == "vcs.modified" && s.Value == "true":
				changed = "+changes"
			}
		}
	}
	if revision != "" {
		return revision + changed
	}
	if text, err := exec.Command("git", "rev-parse", "--short=10", "HEAD").Output(); err == nil {
		return strings.TrimSpace(string(text))
	}
	return "unknown"
}

// MemoryBytes is the machine's main memory; 0 where the kernel does not tell.
func MemoryBytes() int64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kib int64
		if n, _ := fmt.Sscanf(line, "MemTotal: %d kB", &kib); n == 1 {
			return kib << 10
		}
	}
	return 0
}

// ProcessorTime is what this process has used of the processors, in seconds.
func ProcessorTime() float64 {
	return system.ProcessorTime().Seconds()
}
