package bench

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/klauspost/cpuid/v2"
)

// Machine names the processor, its cores and memory, and the Go version.
func Machine() string {
	name := cpuid.CPU.BrandName
	if name == "" {
		name = runtime.GOARCH
	}
	return fmt.Sprintf("%s, %d cores, %s, %s", name, runtime.NumCPU(), memory(), runtime.Version())
}

// memory is the machine's main memory, as the kernel tells it.
func memory() string {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return "memory unknown"
	}
	var kib float64
	for line := range strings.Lines(string(text)) {
		if n, _ := fmt.Sscanf(line, "MemTotal: %f kB", &kib); n == 1 {
			break
		}
	}
	return fmt.Sprintf("%.0f GiB", kib/(1<<20))
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
