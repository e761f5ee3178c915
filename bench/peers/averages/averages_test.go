package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"planwerk/kernels"
)

// TestSmall runs the comparison at a small size with the peers that are installed.
func TestSmall(t *testing.T) {
	dir := t.TempDir()
	binary := filepath.Join(dir, "averages")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var said bytes.Buffer
	cmd := exec.Command(binary, "-rows", "200000", "-repeat", "2", "-dir", dir, "-peers", "..", "-out", dir)
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &said)
	}
	if n := bytes.Count(out, []byte("equal")); n < 3 || bytes.Contains(out, []byte("differs")) {
		t.Errorf("answers:\n%s", out)
	}
	if tables, _ := filepath.Glob(filepath.Join(dir, "*-averages.json")); len(tables) != 1 {
		t.Error("no table")
	}
	if len(peers(&config{peers: ".."})) == 0 {
		t.Skip("planwerk alone was run: no peer is installed (bench/peers/README.md)")
	}
}

// TestTotalsAgainstMaps holds the three sources to sums by a plain map.
func TestTotalsAgainstMaps(t *testing.T) {
	cfg := config{rows: 300_000, dir: t.TempDir(), threads: 3}
	if err := data(cfg.parquet(), cfg.ipc(), cfg.rows); err != nil {
		t.Fatal(err)
	}
	h, err := load(cfg.ipc(), cfg.rows, cfg.threads)
	if err != nil {
		t.Fatal(err)
	}
	amount, value := map[int32]int64{}, map[int32]int64{}
	for i, c := range h.code {
		amount[c] += h.amount[i]
		value[c] += h.value[i]
	}
	if len(amount) < 20_000 || amount[0] == 0 && value[0] != 0 {
		t.Fatalf("%d types", len(amount))
	}
	for name, from := range map[string]source{"memory": h.source(3), "ipc": fromFile(cfg.ipc(), 3), "parquet": fromFile(cfg.parquet(), 3)} {
		r, err := totals(from, cfg.threads)
		if err != nil {
			t.Fatal(err)
		}
		for c := range int32(types) {
			if r.amount[c] != kernels.I128(amount[c]) || r.value[c] != kernels.I128(value[c]) {
				t.Fatalf("%s: type %d: %v, %v, want %d, %d", name, c, r.amount[c], r.value[c], amount[c], value[c])
			}
		}
	}
	if err := fileFloor(cfg.ipc(), 2); err != nil {
		t.Error(err)
	}
	if err := os.Remove(cfg.ipc()); err != nil {
		t.Error(err)
	}
	if _, err := totals(fromFile(cfg.ipc(), 1), 1); err == nil {
		t.Error("a file that is not there was read")
	}
}
