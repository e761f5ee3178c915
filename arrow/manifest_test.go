package arrow

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func sampleManifest(t testing.TB) []byte {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "r")
	mustWrite(t, dir, []ResultTable{testTable("b", 3, 1, true), testTable("a", 0, 1, false)}, WriteOptions{Format: "csv"})
	data, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestManifestRoundTrip(t *testing.T) {
	data := sampleManifest(t)
	m, err := ParseManifest(data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := m.Encode()
	if err != nil || string(again) != string(data) {
		t.Fatalf("encoded again: %s, %v", again, err)
	}
	if m.Tables[0].Name != "a" || len(m.Outputs) != 3 || m.Parameters[1] != (Parameter{"model_version", "1"}) {
		t.Errorf("%+v", m)
	}
}

func TestManifestRefuses(t *testing.T) {
	data := string(sampleManifest(t))
	for name, c := range map[string]struct{ old, new, problem string }{
		"format":      {resultFormat, "planwerk-resultat", "format"},
		"version":     {`"version": 1`, `"version": 2`, "version 2"},
		"parent":      {`"path": "a.csv"`, `"path": "../a.csv"`, "inside"},
		"absolute":    {`"path": "a.csv"`, `"path": "/etc/passwd"`, "inside"},
		"unclean":     {`"path": "a.csv"`, `"path": "x/../a.csv"`, "inside"},
		"backslash":   {`"path": "a.csv"`, `"path": "..\\a.csv"`, "inside"},
		"itself":      {`"path": "a.csv"`, `"path": "manifest.json"`, "manifest.json"},
		"twice":       {`"path": "a.csv"`, `"path": "b.csv"`, "twice"},
		"rows":        {"\"rows\": 3,\n", "\"rows\": 4,\n", "its file"},
		"parameter":   {`"2026-02-01"`, `"2026-03-01"`, "result root"},
		"type":        {`"type": "id"`, `"type": "idea"`, "unknown type"},
		"no table":    {`"table": "a"`, `"table": "c"`, "files"},
		"same column": {`"name": "other"`, `"name": "id"`, "twice"},
		"upper case":  {`"result_root": "`, `"result_root": "A`, "result root"},
		"cut":         {`"result_root"`, ``, "not a manifest"},
	} {
		_, err := ParseManifest([]byte(strings.Replace(data, c.old, c.new, 1)))
		if !strings.Contains(data, c.old) || err == nil || !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%s: %v, want %q", name, err, c.problem)
		}
	}
}

// FuzzParseManifest: no bytes make it panic, and what it accepts it writes and reads back the same.
func FuzzParseManifest(f *testing.F) {
	f.Add(sampleManifest(f))
	f.Add([]byte(`{"format":"planwerk-result","version":1,"tables":[],"outputs":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ParseManifest(data)
		if err != nil {
			return
		}
		again, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		m2, err := ParseManifest(again)
		if err != nil || !sameManifest(m, m2) {
			t.Fatalf("read back: %v\n%+v\n%+v", err, m, m2)
		}
	})
}

// sameManifest takes an empty list and none as the same, as JSON does.
func sameManifest(a, b *Manifest) bool {
	x, errX := a.Encode()
	y, errY := b.Encode()
	return errX == nil && errY == nil && reflect.DeepEqual(x, y)
}

// FuzzParseExportManifest: no bytes make it panic, and what it accepts stays inside the directory.
func FuzzParseExportManifest(f *testing.F) {
	data, err := EncodeExportManifest([]ExportFile{{Path: "a/part-0.csv", Rows: 1, Bytes: 2, SHA256: sha256Sum(nil).String()}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		files, err := ParseExportManifest(data)
		if err != nil {
			return
		}
		for _, file := range files {
			if !filepath.IsLocal(filepath.FromSlash(file.Path)) {
				t.Fatalf("%q leaves the directory", file.Path)
			}
		}
	})
}

// FuzzScanTable: no bytes of a table file of a result make reading panic or hang.
func FuzzScanTable(f *testing.F) {
	for _, format := range []string{"parquet", "arrow", "csv"} {
		dir := filepath.Join(f.TempDir(), "r")
		mustWrite(f, dir, []ResultTable{testTable("t", 6, 1, true)}, WriteOptions{Format: format})
		data, err := os.ReadFile(filepath.Join(dir, "t."+format))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	path := filepath.Join(f.TempDir(), "x")
	f.Fuzz(func(t *testing.T, data []byte) {
		rewrite(t, path, data)
		scanQuietly(t, path)
	})
}
