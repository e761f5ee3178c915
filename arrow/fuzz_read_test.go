package arrow

import (
	"os"
	"path/filepath"
	"testing"
)

// fuzzFile reads arbitrary bytes as a file of one format. Seeds are sound files and those that broke other readers.
func fuzzFile(f *testing.F, name, folder string) {
	for seed, data := range soundFiles(f, 12) {
		if _, kind := splitExtension(seed); kind == kindOf(name) {
			f.Add(data)
		}
	}
	if folder != "" {
		for _, path := range hostileFiles(f, folder) {
			if data, err := os.ReadFile(path); err == nil && len(data) < 32<<10 {
				f.Add(data)
			}
		}
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) { readBoth(t, dir, name, data) })
}

func kindOf(name string) FileKind {
	_, kind := splitExtension(name)
	return kind
}

func FuzzParquet(f *testing.F)   { fuzzFile(f, "fuzz.parquet", "parquet") }
func FuzzIPCFile(f *testing.F)   { fuzzFile(f, "fuzz.arrow", "ipc-file") }
func FuzzIPCStream(f *testing.F) { fuzzFile(f, "fuzz.arrows", "ipc-stream") }
func FuzzCSV(f *testing.F)       { fuzzFile(f, "fuzz.csv", "csv") }
func FuzzJSON(f *testing.F)      { fuzzFile(f, "fuzz.jsonl", "") }

// FuzzDirectory lists a directory under an arbitrary manifest.
func FuzzDirectory(f *testing.F) {
	f.Add([]byte(`{"format":"ledger-export","version":1,"files":[{"path":"a.csv","rows":1,"bytes":5,"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}]}`))
	f.Add([]byte(`{"format":"ledger-export","version":1,"files":[{"path":"../a.csv"}]}`))
	f.Add([]byte(`{"files":[]}`))
	dir := f.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.csv"), []byte("id\n1\n"), 0o666); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, ManifestFile), data, 0o666); err != nil {
			t.Fatal(err)
		}
		d, err := OpenDirectory(dir, func(string) bool { return true })
		if err == nil && (!d.Manifest || len(d.Tables["a"]) != 1) {
			t.Errorf("%s was accepted, and gave %+v", data, d)
		}
		Inspect(t.Context(), dir, "", Options{})
	})
}
