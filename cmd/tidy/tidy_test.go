package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestHouse applies every rule to this very tree.
func TestHouse(t *testing.T) {
	findings, err := run("../..", false, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Error(f)
	}
}

// fake writes a small tree; keys are paths, values their text.
func fake(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	files["go.mod"] = "module planwerk\n\ngo 1.26\n"
	for name, text := range files {
		p := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// pkg is a documented package that imports what is named.
func pkg(name string, imports ...string) string {
	text := "// Package " + name + " is a part of a small tree.\npackage " + name + "\n"
	for _, i := range imports {
		text += "\nimport _ \"" + i + "\"\n"
	}
	return text
}

// sound is a tree no rule finds fault with.
func sound() map[string]string {
	return map[string]string{
		"cmd/planwerk/main.go":       "// Command planwerk is a part of a small tree.\npackage main\n\nimport _ \"planwerk/engine\"\n\nfunc main() {}\n",
		"engine/doc.go":              pkg("engine", "planwerk/engine/production", "planwerk/arrow"),
		"engine/production/doc.go":   pkg("production", "planwerk/engine/ledger", "planwerk/kernels"),
		"engine/ledger/doc.go":       pkg("ledger", "planwerk/kernels"),
		"engine/ledger/slow_test.go": "//go:build stress\n\npackage ledger\n",
		"kernels/doc.go":             pkg("kernels"),
		"kernels/sum_amd64.go":       "//go:build !noasm\n\npackage kernels\n",
		"arrow/doc.go":               pkg("arrow"),
		"README.md":                  "# A small tree\n\n<!-- table:speed -->\n" + renderTable(nil) + "<!-- /table:speed -->\n",
	}
}

func TestSoundTree(t *testing.T) {
	findings, err := run(fake(t, sound()), false, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Error(f)
	}
}

// TestRulesFail breaks the sound tree in one way at a time; exactly the rule in question must say so, at that place.
func TestRulesFail(t *testing.T) {
	long := strings.Repeat("\t_ = 0\n", maxFunctionLines)
	cases := []struct {
		name, file, text string
		want             string // beginning of the finding
	}{
		{"computation imports another", "engine/ledger/doc.go", pkg("ledger", "planwerk/engine/production"), "engine/ledger: import directions: imports planwerk/engine/production: engine/ledger may import only"},
		{"arrow imports ours", "arrow/doc.go", pkg("arrow", "planwerk/kernels"), "arrow: import directions: imports planwerk/kernels: arrow may import only kernels/system"},
		{"a command is imported", "engine/doc.go", pkg("engine", "planwerk/cmd/planwerk"), "engine: import directions: imports planwerk/cmd/planwerk: nothing imports a command"},
		{"a folder out of the table", "engine/notes/doc.go", pkg("notes"), "engine/notes: import directions: has no place"},
		{"Arrow past its door", "engine/doc.go", pkg("engine", "github.com/apache/arrow-go/v18/arrow"), "engine: import directions: imports github.com/apache/arrow-go/v18/arrow: arrow is the only door"},
		{"long function", "arrow/long.go", "package arrow\n\nfunc f() {\n" + long + "}\n", "arrow/long.go:3: length: f has 72 lines, at most 70"},
		{"long file", "arrow/long.go", "package arrow\n\n" + strings.Repeat("// .\n", maxFileLines), "arrow/long.go: length: 402 lines, at most 400"},
		{"no package doc", "arrow/doc.go", "package arrow\n", "arrow: package docs: package arrow has no doc comment"},
		{"another package's doc", "arrow/doc.go", "// Package bow is not this one.\npackage arrow\n", "arrow: package docs: the doc comment of package arrow does not begin"},
		{"unformatted", "arrow/x.go", "package arrow\nvar  X int\n", "arrow/x.go: gofmt: gofmt would change it"},
		{"build tag", "arrow/x.go", "//go:build linux\n\npackage arrow\n", "arrow/x.go:1: build tags: //go:build linux"},
		{"stress outside of a test", "arrow/x.go", "//go:build stress\n\npackage arrow\n", "arrow/x.go:1: build tags: //go:build stress"},
		{"stress with another tag", "arrow/x_test.go", "//go:build stress || linux\n\npackage arrow\n", "arrow/x_test.go:1: build tags"},
		{"build tag by name", "arrow/x_arm64.go", "package arrow\n", "arrow/x_arm64.go: build tags: the name ending _arm64"},
		{"left open", "arrow/x.go", "package arrow\n\n// TO" + "DO: everything\n", "arrow/x.go:3: left open"},
		{"large file", "datasets/big.bin", strings.Repeat("x", maxFileBytes+1), "datasets/big.bin: large files"},
		{"stale table", "README.md", "<!-- table:speed -->\n| 1 |\n<!-- /table:speed -->\n", "README.md: measured tables: a measured table differs"},
		{"open table", "README.md", "<!-- table:speed -->\n", "README.md: measured tables: 1 tables are opened, 0 are closed"},
		{"ragged table", "bench/results/a.json", `{"table": "speed", "columns": ["a", "b"], "cells": [["1"]]}`, "bench/results/a.json: measured tables: row 1 has 1 cells for 2 columns"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			files := sound()
			files[c.file] = c.text
			findings, err := run(fake(t, files), false, false)
			if err != nil {
				t.Fatal(err)
			}
			if len(findings) != 1 || !strings.HasPrefix(findings[0].String(), c.want) {
				t.Errorf("findings %q, want one that begins with %q", findings, c.want)
			}
		})
	}
}

func TestMachinePath(t *testing.T) {
	root := fake(t, sound())
	if err := os.WriteFile(filepath.Join(root, "notes.md"), []byte("see "+root+"/arrow\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	findings, err := run(root, false, false)
	if err != nil || len(findings) != 1 || findings[0].String() != "notes.md:1: machine paths: holds a path of this machine" {
		t.Errorf("findings %q, error %v", findings, err)
	}
}

func TestGeneratedFilesMayBeLong(t *testing.T) {
	files := sound()
	files["arrow/long.go"] = "// Code generated by a test. DO NOT EDIT.\n\npackage arrow\n\n" + strings.Repeat("// .\n", maxFileLines)
	if findings, err := run(fake(t, files), false, false); err != nil || len(findings) != 0 {
		t.Errorf("findings %q, error %v", findings, err)
	}
}

// TestWriteTables shows that -write takes the latest result and that the tree is sound afterwards.
func TestWriteTables(t *testing.T) {
	files := sound()
	files["bench/results/new.json"] = `{"table": "speed", "time": "2026-02-01T00:00:00Z", "machine": "two cores", "commit": "abc", "command": "make speed", "columns": ["rows", "s"], "cells": [["1 M", "2"]]}`
	files["bench/results/old.json"] = `{"table": "speed", "time": "2026-01-01T00:00:00Z", "machine": "two cores", "columns": ["rows", "s"], "cells": [["1 M", "9"]]}`
	files["bench/results/raw.json"] = `[1, 2, 3]`
	root := fake(t, files)
	findings, err := run(root, true, false)
	if err != nil || len(findings) != 0 {
		t.Fatalf("findings %q, error %v", findings, err)
	}
	got, err := os.ReadFile(filepath.Join(root, readme))
	if err != nil {
		t.Fatal(err)
	}
	want := "# A small tree\n\n<!-- table:speed -->\n\n| rows | s |\n|---|---|\n| 1 M | 2 |\n\n" +
		"From `bench/results/new.json`: two cores, commit abc, 2026-02-01. Made by `make speed`.\n\n<!-- /table:speed -->\n"
	if string(got) != want {
		t.Errorf("README.md is\n%s\nwant\n%s", got, want)
	}
}

func TestStressOnly(t *testing.T) {
	for line, want := range map[string]bool{
		"//go:build stress": true, "//go:build !stress": true, "//go:build stress && linux": false,
		"//go:build linux || stress": false, "//go:build linux": false,
	} {
		if got := stressOnly(line); got != want {
			t.Errorf("stressOnly(%q) = %v", line, got)
		}
	}
}
