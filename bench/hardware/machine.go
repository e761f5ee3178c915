package hardware

import (
	"os"
	"runtime"
	"strings"

	"github.com/klauspost/cpuid/v2"

	"planwerk/bench"
)

// MachineInfo is what was measured on.
type MachineInfo struct {
	Name      string           `json:"name"` // in a line
	Processor string           `json:"processor"`
	Family    int              `json:"family"`
	Model     int              `json:"model"`
	Stepping  int              `json:"stepping"`
	Cores     int              `json:"logical_cores"`
	System    string           `json:"system"`
	Kernel    string           `json:"kernel,omitempty"`
	Memory    int64            `json:"memory_bytes"`
	Caches    map[string]int64 `json:"caches_bytes"`
	Features  []string         `json:"features"`
	HugePages string           `json:"transparent_huge_pages,omitempty"`
	GPU       string           `json:"gpu,omitempty"`
	Compiler  string           `json:"gcc,omitempty"`
}

// DescribeMachine reads the machine.
func DescribeMachine() MachineInfo {
	c := &cpuid.CPU
	m := MachineInfo{Name: bench.Machine(), Processor: c.BrandName, Family: c.Family, Model: c.Model, Stepping: c.Stepping, Cores: runtime.NumCPU(),
		System: runtime.GOOS + "/" + runtime.GOARCH, Memory: bench.MemoryBytes(), Caches: map[string]int64{}, Features: c.FeatureSet()}
	for name, size := range map[string]int{"L1 data": c.Cache.L1D, "L2": c.Cache.L2, "L3": c.Cache.L3} {
		if size > 0 {
			m.Caches[name] = int64(size)
		}
	}
	m.Kernel = firstLine("/proc/sys/kernel/osrelease")
	if all := firstLine("/sys/kernel/mm/transparent_hugepage/enabled"); all != "" {
		if _, in, ok := strings.Cut(all, "["); ok {
			m.HugePages, _, _ = strings.Cut(in, "]")
		}
	}
	if path, ok := findGCC(); ok {
		m.Compiler = compilerVersion(path)
	}
	return m
}

// firstLine is that of a file; "" where there is none.
func firstLine(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSpace(line)
}
