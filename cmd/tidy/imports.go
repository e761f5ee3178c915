package main

import (
	"fmt"
	"strings"
)

// module is the name all our import paths begin with.
const module = "planwerk"

// allowance says what the packages below a folder may import of ours. The longest matching folder decides. "x" allows
// the package x alone, "x/..." it and everything below, "*" everything but cmd. A package may always import what lies in
// its own folder.
type allowance struct {
	folder string
	may    []string
}

// kernels is in the lists for its 128-bit integers and its levels.
var allowances = []allowance{
	{"cmd", []string{"*"}},
	{"bench", []string{"*"}},
	{"ledgeradapter", []string{"arrow/...", "engine/ledger", "engine/spill", "engine/plan", "engine/leontief", "kernels"}},
	{"datasets", []string{"arrow/...", "engine/ledger", "engine/plan", "engine/lp", "kernels"}},
	{"engine", []string{"engine/...", "arrow", "kernels/..."}},
	{"engine/composition", computation},
	{"engine/production", computation},
	{"engine/average", computation},
	{"engine/trust", computation},
	{"engine/revision", computation},
	{"engine/coupon", computation},
	{"engine/leontief", computation},
	{"engine/rules", computation},
	{"engine/plan", append([]string{"engine/lp/...", "engine/leontief"}, computation...)},
	{"engine/lp", []string{"engine/sparse", "engine/shard", "kernels/..."}},
	{"engine/ledger", foundation},
	{"engine/reference", []string{"engine/ledger", "kernels"}}, // the slow reference of the tests must not lean on the engine
	{"engine/sparse", foundation},
	{"engine/shard", foundation},
	{"engine/spill", []string{"kernels/system"}}, // what not every operating system has stands behind kernels/system
	{"arrow", []string{"kernels/system"}},
	{"kernels", nil},
}

var (
	computation = []string{"engine/ledger", "engine/sparse", "engine/shard", "engine/spill", "kernels/..."}
	foundation  = []string{"engine/shard", "engine/spill", "kernels/..."}
)

// outside lists foreign modules that only some folders may import.
var outside = []struct {
	prefix  string
	folders []string
	why     string
}{
	{"github.com/apache/arrow-go/", []string{"arrow", "ledgeradapter/flight"}, "arrow is the only door to Apache Arrow"},
	{"github.com/parquet-go/", []string{"arrow"}, "arrow is the only door to Parquet"},
	{"github.com/spf13/cobra", []string{"cmd"}, "the command line lives in cmd"},
	{"github.com/vbauerster/mpb/", []string{"cmd"}, "progress bars live in cmd"},
	{"github.com/minio/sha256-simd", []string{"arrow"}, "SHA-256 stands behind one function of arrow"},
	{"golang.org/x/sys/", []string{"kernels"}, "what not every operating system has stands behind kernels/system"},
	{"syscall", []string{"kernels", "arrow", "cmd/planwerk"}, "calls that not every operating system has stand behind kernels/system; arrow and cmd name errors and signals"},
	{"gorgonia.org/", []string{"kernels/cuda"}, "the GPU stands behind kernels/cuda"},
	{"github.com/ebitengine/purego", []string{"kernels/cuda"}, "the GPU stands behind kernels/cuda"},
}

// checkImports compares what "go list" says with the table of allowed imports.
func checkImports(t *tree) []finding {
	var out []finding
	tracked := map[string]bool{} // "go list" also sees folders that git ignores
	for i := range t.sources {
		tracked[t.sources[i].dir()] = true
	}
	for _, p := range t.packages {
		folder := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		if !tracked[folder] {
			continue
		}
		rule, known := allowanceOf(folder)
		if !known {
			out = append(out, finding{folder, "has no place in the table of allowed imports (cmd/tidy/imports.go)"})
			continue
		}
		for _, imp := range p.Imports {
			if text := judgeImport(folder, rule, imp); text != "" {
				out = append(out, finding{folder, text})
			}
		}
	}
	return out
}

// allowanceOf finds the row of the table for a folder.
func allowanceOf(folder string) (best allowance, known bool) {
	for _, a := range allowances {
		if within(folder, a.folder) && (!known || len(a.folder) > len(best.folder)) {
			best, known = a, true
		}
	}
	// A new folder below engine is not a computation by accident: it needs a row of its own.
	if best.folder == "engine" && folder != "engine" {
		return allowance{}, false
	}
	return best, known
}

// judgeImport says why a package may not import imp; "" when it may.
func judgeImport(folder string, rule allowance, imp string) string {
	target, ours := strings.CutPrefix(imp, module+"/")
	if !ours {
		return judgeForeign(folder, imp)
	}
	if target == "cmd" || strings.HasPrefix(target, "cmd/") {
		return fmt.Sprintf("imports %s: nothing imports a command", imp)
	}
	if within(target, rule.folder) {
		return ""
	}
	for _, m := range rule.may {
		base, deep := strings.CutSuffix(m, "/...")
		if m == "*" || target == base || deep && within(target, base) {
			return ""
		}
	}
	if len(rule.may) == 0 {
		return fmt.Sprintf("imports %s: %s may import nothing of ours", imp, rule.folder)
	}
	return fmt.Sprintf("imports %s: %s may import only %s", imp, rule.folder, strings.Join(rule.may, ", "))
}

// judgeForeign applies the table of foreign modules.
func judgeForeign(folder, imp string) string {
	for _, o := range outside {
		if !strings.HasPrefix(imp, o.prefix) {
			continue
		}
		for _, f := range append(o.folders, "bench") {
			if within(folder, f) {
				return ""
			}
		}
		return fmt.Sprintf("imports %s: %s", imp, o.why)
	}
	return ""
}

// within reports whether folder is base or below it.
func within(folder, base string) bool {
	return folder == base || strings.HasPrefix(folder, base+"/")
}
