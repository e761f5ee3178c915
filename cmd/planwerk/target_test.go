package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Nothing that is somebody's own is lost to --force, and no link leads a result into a ledger.
func TestTargetsOfOthers(t *testing.T) {
	dir := demoExport(t)
	must(t, dir, batchArgs("batch", "--out result")...)
	for name, text := range map[string]string{"result/notes.txt": "mine", "docs/thesis.txt": "mine"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"link": "ledger", "nowhere": "gone"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	batch := "batch " + demoPeriod + " --force --out "
	expectFailure(t, dir, exitUsage, batch+"result", "notes.txt", "not of ours")
	expectFailure(t, dir, exitUsage, batch+"docs", "it is no result", "another directory")
	expectFailure(t, dir, exitUsage, batch+"link", "inside of the ledger")
	expectFailure(t, dir, exitUsage, batch+"link/new/result", "inside of the ledger")
	expectFailure(t, dir, exitUsage, batch+"nowhere", "leads nowhere")
	expectFailure(t, dir, exitUsage, "generate --workloads 1000 --force --out docs", "it is no export")
	for _, name := range []string{"result/notes.txt", "result/manifest.json", "docs/thesis.txt"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "result", "notes.txt")); err != nil {
		t.Fatal(err)
	}
	must(t, dir, strings.Fields(batch+"result")...)
}

// What ids and file names hold is no command to a terminal.
func TestControlCharacters(t *testing.T) {
	if got, want := oneLine("a\x1b[31m\r\nb\u009b0mß…\x7f"), `a\x1b[31m; b\x9b0mß…\x7f`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	var out bytes.Buffer
	if n, err := (terminalText{&out}).Write([]byte("a\tb\n\x1b]0;x\x07")); n != 10 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if got, want := out.String(), "a\tb\n"+`\x1b]0;x\x07`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	out.Reset()
	(&grid{head: []string{"id"}, rows: [][]string{{"two\nlines"}, {"x"}}}).print(&out)
	if lines := strings.Count(out.String(), "\n"); lines != 3 {
		t.Errorf("%d lines: %q", lines, out.String())
	}
}
