package arrow

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// With force a result is replaced, but never together with files that are somebody's own.
func TestReplaceNothingOfOthers(t *testing.T) {
	for _, own := range []string{"notes.txt", ".git/HEAD", "plots/a.svg"} {
		dir := filepath.Join(t.TempDir(), "r")
		tables := []ResultTable{testTable("a", 5, 1, true)}
		mustWrite(t, dir, tables, WriteOptions{Format: "csv"})
		if err := CheckTarget(dir, true); err != nil {
			t.Fatalf("a result: %v", err)
		}
		path := filepath.Join(dir, filepath.FromSlash(own))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("mine"), 0o666); err != nil {
			t.Fatal(err)
		}
		before := snapshot(t, dir)
		_, err := WriteResult(context.Background(), dir, tables, nil, Manifest{}, nil, WriteOptions{Format: "csv", Force: true})
		first, _, _ := strings.Cut(own, "/")
		if !errors.Is(err, ErrExists) || !strings.Contains(err.Error(), first) {
			t.Errorf("%s: %v", own, err)
		}
		if err := CheckTarget(dir, true); !errors.Is(err, ErrExists) {
			t.Errorf("%s, asked before: %v", own, err)
		}
		if snapshot(t, dir) != before {
			t.Errorf("%s: the directory was changed", own)
		}
	}
}

func TestReplaceExport(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	table := testTable("a", 700, 1, true)
	writeExport(t, dir, table, 0, ExportOptions{Format: "csv", PartRows: 300})
	if err := isExport(dir); err != nil {
		t.Fatalf("an export in parts: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a", "notes.txt"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := isExport(dir); err == nil || !strings.Contains(err.Error(), "a/notes.txt") {
		t.Errorf("an export with a file more: %v", err)
	}
	if err := isResult(dir); err == nil {
		t.Error("an export passed for a result")
	}
}

// What came to the target's place while a result was being computed is looked at again before it is replaced.
func TestReplaceLooksAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r")
	d, err := beginDir(osFiles{}, dir, true, isResult)
	if err != nil {
		t.Fatal(err)
	}
	defer d.abort()
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := d.commit(); !errors.Is(err, ErrExists) {
		t.Fatalf("a directory made meanwhile: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "thesis.txt")); err != nil {
		t.Fatal(err)
	}
}

func TestTargetLinkToNowhere(t *testing.T) {
	link := filepath.Join(t.TempDir(), "l")
	if err := os.Symlink("nowhere", link); err != nil {
		t.Fatal(err)
	}
	if err := CheckTarget(link, true); err == nil || !strings.Contains(err.Error(), "leads nowhere") {
		t.Errorf("%v", err)
	}
}

// A part file that is listed counts, whatever its name: its rows must not be lost.
func TestListedHiddenPart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	table := testTable("a", 700, 1, true)
	writeExport(t, dir, table, 0, ExportOptions{Format: "csv", PartRows: 300})
	if err := os.Rename(filepath.Join(dir, "a", "part-1.csv"), filepath.Join(dir, "a", "_part-1.csv")); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, ManifestFile)
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(strings.ReplaceAll(string(data), "a/part-1.csv", "a/_part-1.csv")), 0o666); err != nil {
		t.Fatal(err)
	}
	d, err := OpenDirectory(dir, func(name string) bool { return name == "a" })
	if err != nil {
		t.Fatal(err)
	}
	if n := len(d.Tables["a"]); n != 3 {
		t.Errorf("%d files of the table, want 3", n)
	}
}
