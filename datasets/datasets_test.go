package datasets

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"planwerk/engine/ledger"
)

// digest is the SHA-256 of the lines that sha256sum prints for all files, in order of their names.
func digest(t *testing.T, fsys fs.FS) string {
	t.Helper()
	names, err := fs.Glob(fsys, "*")
	if err != nil {
		t.Fatal(err)
	}
	list := sha256.New()
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(list, "%x  %s\n", sha256.Sum256(data), name)
	}
	return fmt.Sprintf("%x", list.Sum(nil))
}

// TestChecksum: README.md names the digest of what is embedded.
func TestChecksum(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if d := digest(t, Demo()); !bytes.Contains(readme, []byte(d)) {
		t.Errorf("README.md does not have the checksum of demo, %s", d)
	}
}

// rows reads a table of the example ledger as column → cell.
func rows(t *testing.T, table string) []map[string]string {
	t.Helper()
	f, err := Demo().Open(table + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", table, err)
	}
	var out []map[string]string
	for _, r := range all[1:] {
		m := map[string]string{}
		for c, name := range all[0] {
			m[name] = r[c]
		}
		out = append(out, m)
	}
	return out
}

// TestDemoTables: every table of the format is there, with all columns in order and ids that exist.
func TestDemoTables(t *testing.T) {
	ids := map[string]map[string]bool{}
	for i := range ledger.Schema {
		def := &ledger.Schema[i]
		data, err := fs.ReadFile(Demo(), def.Name+".csv")
		if err != nil {
			t.Fatal(err)
		}
		var header []string
		for _, c := range def.Columns {
			header = append(header, c.Name)
		}
		if line, _, _ := strings.Cut(string(data), "\n"); line != strings.Join(header, ",") {
			t.Errorf("%s: header %s", def.Name, line)
		}
		for _, r := range rows(t, def.Name) {
			for c, col := range def.Columns {
				if c == 0 && def.Creates == col.Domain || col.Name == "new_resource" {
					if ids[col.Domain] == nil {
						ids[col.Domain] = map[string]bool{}
					}
					if ids[col.Domain][r[col.Name]] {
						t.Errorf("%s: %s %s exists already", def.Name, col.Name, r[col.Name])
					}
					ids[col.Domain][r[col.Name]] = true
				}
			}
		}
	}
	for i := range ledger.Schema {
		def := &ledger.Schema[i]
		for n, r := range rows(t, def.Name) {
			for _, col := range def.Columns {
				id := r[col.Name]
				if col.Kind == ledger.KindID && col.Domain != "" && col.Domain != ledger.DomWallet && !ids[col.Domain][id] && (id != "" || !col.Optional) {
					t.Errorf("%s, row %d: no %s %q", def.Name, n, col.Domain, id)
				}
			}
		}
	}
}

// TestDemoLabour: a and the labour in c of both months, as demo/README.md states them.
func TestDemoLabour(t *testing.T) {
	harbour := map[string]bool{"electronics": true, "cycle-works": true, "cycle-shop": true}
	type segment struct {
		month   string
		harbour bool
	}
	all, common := map[segment]int{}, map[segment]int{}
	for _, r := range rows(t, "workloads") {
		minutes, err := strconv.Atoi(r["minutes"])
		if err != nil {
			t.Fatal(err)
		}
		s := segment{r["time"][:7], harbour[r["collective"]]}
		all[s] += minutes
		if r["common"] == "true" {
			common[s] += minutes
		}
	}
	for _, want := range []struct {
		segment
		a, c int
	}{{segment{"2024-02", true}, 4468, 0}, {segment{"2026-01", false}, 12000, 1000}, {segment{"2026-01", true}, 1000, 0},
		{segment{"2026-02", false}, 6280, 1500}, {segment{"2026-02", true}, 1000, 0}} {
		if all[want.segment] != want.a || common[want.segment] != want.c {
			t.Errorf("%v: a %d, common labour %d; want %d, %d", want.segment, all[want.segment], common[want.segment], want.a, want.c)
		}
	}
}

func TestUnpack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	if err := Unpack(Demo(), dir); err != nil {
		t.Fatal(err)
	}
	if got, want := digest(t, os.DirFS(dir)), digest(t, Demo()); got != want {
		t.Errorf("digest %s after unpacking, want %s", got, want)
	}
	if err := os.WriteFile(filepath.Join(dir, "trust.csv"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Unpack(Demo(), dir); err == nil {
		t.Error("unpacking over files that exist: no error")
	}
	if data, _ := os.ReadFile(filepath.Join(dir, "trust.csv")); string(data) != "mine" {
		t.Error("a file that existed was overwritten")
	}
}
