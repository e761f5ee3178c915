package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sort"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/klauspost/cpuid/v2"
	"github.com/spf13/cobra"
)

// machineInfo is what "planwerk info" says, in the order it prints it.
type machineInfo struct {
	Version   string            `json:"version"`
	Commit    string            `json:"commit,omitempty"`
	Go        string            `json:"go"`
	System    string            `json:"system"`
	Processor string            `json:"processor"`
	Cores     int               `json:"logical_cores"`
	Caches    map[string]int64  `json:"caches_bytes"`
	Features  []string          `json:"features"`
	Level     string            `json:"level"`
	GPU       gpuInfo           `json:"gpu"`
	Modules   map[string]string `json:"modules"`
	Bandwidth *float64          `json:"read_bytes_per_second,omitempty"` // measured, one thread
}

// infoCommand tells what the program runs on.
func infoCommand(sh *shell) *cobra.Command {
	var measure bool
	cmd := &cobra.Command{
		Use:   "info",
		Short: "CPU features, chosen kernel level, GPU, versions",
		Long: `info prints what the program found: processor, caches, vector features, the kernel level in use, a GPU if there is one,
and versions. --measure also reads 1 GiB of memory and prints the rate.

Units: caches and memory in bytes (KiB, MiB), bandwidth in bytes per second.`,
		Example: "  planwerk info\n  planwerk info --measure --json",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			info := sh.gatherInfo()
			if measure {
				rate := measureRead()
				info.Bandwidth = &rate
			}
			if sh.json {
				return sh.printJSON(info)
			}
			return sh.printInfo(info)
		},
	}
	cmd.Flags().BoolVar(&measure, "measure", false, "measure the memory bandwidth of one thread (about a second, 1 GiB)")
	return cmd
}

func (sh *shell) gatherInfo() machineInfo {
	info := machineInfo{
		Version: "(devel)", Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH,
		Processor: cpuid.CPU.BrandName, Cores: runtime.NumCPU(), Caches: map[string]int64{}, Features: vectorFeatures(),
		Level: sh.levelAsked(), GPU: sh.describeGPU(), Modules: map[string]string{},
	}
	for name, size := range map[string]int{"L1 data": cpuid.CPU.Cache.L1D, "L2": cpuid.CPU.Cache.L2, "L3": cpuid.CPU.Cache.L3} {
		if size > 0 {
			info.Caches[name] = int64(size)
		}
	}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return info
	}
	info.Version = build.Main.Version
	for _, s := range build.Settings {
		if s.Key == "vcs.revision" {
			info.Commit = s.Value
		}
	}
	for _, m := range build.Deps {
		if notable[m.Path] {
			info.Modules[m.Path] = m.Version
		}
	}
	return info
}

// notable are the modules whose version decides how files are read and written.
var notable = map[string]bool{
	"github.com/apache/arrow-go/v18": true, "github.com/parquet-go/parquet-go": true, "github.com/klauspost/compress": true,
	"github.com/minio/sha256-simd": true, "gonum.org/v1/gonum": true,
}

// vectorFeatures names the features a kernel could use.
func vectorFeatures() []string {
	var names []string
	for _, f := range []cpuid.FeatureID{cpuid.SSE42, cpuid.POPCNT, cpuid.AVX, cpuid.AVX2, cpuid.FMA3, cpuid.BMI2, cpuid.AVX512F, cpuid.AVX512DQ,
		cpuid.AVX512BW, cpuid.AVX512VL, cpuid.AVX512IFMA, cpuid.AVX512VPOPCNTDQ, cpuid.SHA, cpuid.ASIMD} {
		if cpuid.CPU.Supports(f) {
			names = append(names, f.String())
		}
	}
	return names
}

// measureRead streams over 1 GiB eight times and returns the best rate in bytes per second.
func measureRead() float64 {
	words := make([]uint64, 1<<27)
	for i := range words {
		words[i] = uint64(i)
	}
	best, sum := time.Duration(1<<62), uint64(0)
	for range 8 {
		begun := time.Now()
		for i := 0; i+8 <= len(words); i += 8 {
			w := words[i : i+8 : i+8]
			sum += w[0] + w[1] + w[2] + w[3] + w[4] + w[5] + w[6] + w[7]
		}
		best = min(best, time.Since(begun))
	}
	runtime.KeepAlive(sum)
	return float64(len(words)*8) / best.Seconds()
}

func (sh *shell) printInfo(info machineInfo) error {
	w := tabwriter.NewWriter(sh.out, 0, 0, 2, ' ', 0)
	version := info.Version
	if info.Commit != "" {
		version += " " + info.Commit
	}
	fmt.Fprintf(w, "planwerk\t%s\n", version)
	fmt.Fprintf(w, "built with\t%s for %s\n", info.Go, info.System)
	fmt.Fprintf(w, "processor\t%s, %d logical cores\n", info.Processor, info.Cores)
	for _, name := range sortedKeys(info.Caches) {
		fmt.Fprintf(w, "cache %s\t%s\n", name, humanBytes(info.Caches[name]))
	}
	fmt.Fprintf(w, "features\t%s\n", strings.Join(info.Features, " "))
	fmt.Fprintf(w, "kernel level\t%s\n", info.Level)
	fmt.Fprintf(w, "GPU\t%s\n", info.GPU)
	if info.Bandwidth != nil {
		fmt.Fprintf(w, "memory read\t%s/s on one thread\n", humanBytes(int64(*info.Bandwidth)))
	}
	for _, m := range sortedKeys(info.Modules) {
		fmt.Fprintf(w, "module\t%s %s\n", m, info.Modules[m])
	}
	return w.Flush()
}

// sortedKeys lists the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// noArguments refuses words behind a command that takes only flags.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no argument %q; see %q", cmd.CommandPath(), args[0], cmd.CommandPath()+" --help")
	}
	return nil
}
