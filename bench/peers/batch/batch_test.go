package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSmall compares the batch with the SQL at a small size, where DuckDB's runner is built.
func TestSmall(t *testing.T) {
	cfg := config{dir: t.TempDir(), duckdb: "../duckdb/duckdb", memory: "4GiB", threads: 2, repeat: 1}
	if _, err := os.Stat(cfg.duckdb); err != nil {
		t.Skip("DuckDB's runner is not built (bench/peers/README.md)")
	}
	var log bytes.Buffer
	cfg.log = &log
	cfg.planwerk = filepath.Join(cfg.dir, "planwerk")
	if text, err := exec.Command("go", "build", "-o", cfg.planwerk, "planwerk/cmd/planwerk").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	c, err := cfg.compare(3000)
	if err != nil {
		t.Fatalf("%v\n%s", err, &log)
	}
	for _, k := range c.Tables {
		if k.Different != 0 || k.Rows == 0 {
			t.Errorf("table %s: %d rows, %d different", k.Table, k.Rows, k.Different)
		}
	}
	if cells := c.cells(); !strings.HasPrefix(cells[8], "10 of 10 ") || cells[9] != "1" {
		t.Errorf("cells %q", cells)
	}
	if len(c.Tables) != 10 {
		t.Errorf("%d tables compared", len(c.Tables))
	}
}
