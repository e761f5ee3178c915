package cuda

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPTXIsFresh makes the PTX again and compares it with the one embedded. Another version of clang writes other PTX.
func TestPTXIsFresh(t *testing.T) {
	if _, err := exec.LookPath("clang-19"); err != nil {
		t.Skip("no clang-19 here: the PTX of the CUDA kernels is not made again")
	}
	out := filepath.Join(t.TempDir(), "planwerk.ptx")
	if text, err := exec.Command("sh", "src/build.sh", out).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	made, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if string(made) != ptx {
		t.Error("src/planwerk.ptx is not what src/build.sh makes of the sources; run: sh kernels/cuda/src/build.sh planwerk.ptx")
	}
}

// TestPTX looks for what must and must not be in the PTX.
func TestPTX(t *testing.T) {
	for _, name := range kernelNames {
		if !strings.Contains(ptx, ".visible .entry "+name+"(") {
			t.Errorf("no kernel %s", name)
		}
	}
	for _, line := range strings.Split(ptx, "\n") {
		op, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		op, _, _ = strings.Cut(op, "\t")
		if strings.HasSuffix(op, ".f64") || strings.HasSuffix(op, ".f32") {
			first, _, _ := strings.Cut(op, ".")
			rounds := first == "add" || first == "sub" || first == "mul" || first == "div"
			if first == "fma" || first == "mad" || rounds && !strings.Contains(op, ".rn.") { // without .rn the driver may fuse
				t.Errorf("%q may round otherwise than the definition", strings.TrimSpace(line))
			}
		}
	}
}
