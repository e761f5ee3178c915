package bench

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestBatchSmall runs the batch benchmark at its small size, so that it does not rot.
func TestBatchSmall(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "planwerk")
	if out, err := exec.Command("go", "build", "-o", binary, "planwerk/cmd/planwerk").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var log bytes.Buffer
	dir := t.TempDir()
	runs, err := Batch(context.Background(), BatchConfig{Binary: binary, Dir: dir, Workloads: []int64{2000, 20_000}, Log: &log})
	if err != nil {
		t.Fatalf("%v\n%s", err, &log)
	}
	for _, r := range runs {
		if r.Rows < 2*r.Workloads || r.Batch.PeakBytes == 0 || r.Batch.CPUSeconds == 0 || len(r.Root) != 64 || len(r.Stages) < 8 {
			t.Errorf("run %+v", r)
		}
	}
	table := BatchTable("planwerk bench batch", runs)
	for _, row := range table.Cells {
		if len(row) != len(table.Columns) {
			t.Errorf("%d cells in %d columns", len(row), len(table.Columns))
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}
