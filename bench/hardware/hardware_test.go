package hardware

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"planwerk/kernels"
)

// TestQuick measures everything at the quick size: each workload at each level, with the same bits.
func TestQuick(t *testing.T) {
	seen := map[string]bool{}
	r, err := Run(t.Context(), Config{Quick: true, Threads: 3, Dir: t.TempDir(), NoDevice: "none is wanted", Version: "test",
		Progress: func(w string, done, total int) { seen[w] = true }})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.names(); !slices.Equal(got, Names()) {
		t.Errorf("measured %v", got)
	}
	for _, name := range Names() {
		if !seen[name] {
			t.Errorf("no progress of %s", name)
		}
	}
	for _, row := range r.Rows {
		if row.Runs < 5 || row.Seconds <= 0 || row.Items <= 0 || row.PerSecond <= 0 || !inC(row.Level) && len(row.Digest) != 16 {
			t.Errorf("%+v", row)
		}
		if row.FloorBytes > 0 && (row.BytesPerSecond <= 0 || row.Share <= 0 || row.Against == "") {
			t.Errorf("no share: %+v", row)
		}
	}
	perLevel := map[string]int{}
	for _, row := range r.Rows {
		perLevel[row.Level]++
	}
	for l := kernels.Scalar; l <= kernels.MachineLevel(); l++ {
		if perLevel[l.String()] < 15 {
			t.Errorf("%d rows at level %s", perLevel[l.String()], l)
		}
	}
	if _, has := findGCC(); has && (perLevel[GCC] != 3 || perLevel[GCCLarge] != 3) {
		t.Errorf("%d and %d rows of gcc", perLevel[GCC], perLevel[GCCLarge])
	}
	checkTable(t, r)
	checkCompare(t, r)
}

func checkTable(t *testing.T, r *Report) {
	table := r.Table("planwerk bench")
	if len(table.Cells) != len(Names()) {
		t.Errorf("%d lines", len(table.Cells))
	}
	for _, line := range table.Cells {
		if len(line) != len(table.Columns) {
			t.Errorf("%d cells in %d columns", len(line), len(table.Columns))
		}
	}
	var text bytes.Buffer
	r.Print(&text)
	for _, want := range []string{r.Machine.Name, "GB/s", "SpMV, random", "cuda is left out: none is wanted"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the text lacks %q", want)
		}
	}
}

func checkCompare(t *testing.T, r *Report) {
	dir := t.TempDir()
	plain, table := filepath.Join(dir, "a.json"), filepath.Join(dir, "b.json")
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(plain, text, 0o644); err != nil {
		t.Fatal(err)
	}
	other := *r
	other.Rows = slices.Clone(r.Rows[1:])
	other.Rows[3].Digest = "other"
	if err := other.Table("x").Write(table); err != nil {
		t.Fatal(err)
	}
	a, err := Read(plain)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Read(table)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Compare(a, b)
	if err != nil || len(c.Pairs) != len(r.Rows)-1 || len(c.Only) != 1 || c.Differs != 1 {
		t.Errorf("%v: %d pairs, only in one: %v, %d differ", err, len(c.Pairs), c.Only, c.Differs)
	}
	var out bytes.Buffer
	c.Print(&out)
	if !strings.Contains(out.String(), "DIFFERENT") || !strings.Contains(out.String(), "first only") {
		t.Error(out.String())
	}
	b.Size = "full"
	if _, err := Compare(a, b); err == nil {
		t.Error("reports of two sizes compare")
	}
	if _, err := Read("hardware_test.go"); err == nil {
		t.Error("a report out of Go")
	}
}

// TestDifferentBitsAreFound: a report must not pass when levels disagree.
func TestDifferentBitsAreFound(t *testing.T) {
	r := &Report{Rows: []Row{{Workload: "w", Level: "scalar", Digest: "a"}, {Workload: "w", Level: GCC}, {Workload: "w", Level: "avx2", Digest: "b"}}}
	if err := r.check(); err == nil || !strings.Contains(err.Error(), "w: scalar") {
		t.Error(err)
	}
	if _, err := Run(t.Context(), Config{Only: []string{"nothing of the kind"}}); err == nil {
		t.Error("an unknown workload is measured")
	}
	if _, err := Run(t.Context(), Config{Levels: []string{CUDA}}); err == nil {
		t.Error("level cuda without a device")
	}
}
