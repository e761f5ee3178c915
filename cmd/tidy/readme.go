package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// A measured table comes from a JSON file below bench/results that has the key "table":
//
//	{"table": "batch", "time": "2026-11-21T10:00:00Z", "machine": "…", "commit": "…", "command": "…",
//	 "columns": ["rows", "seconds"], "cells": [["1 M", "0.9"]]}
//
// README.md shows it between the lines <!-- table:batch --> and <!-- /table:batch -->. Of several files for one table the
// one with the latest time is shown; the others stay as history.
type measured struct {
	Table   string     `json:"table"`
	Time    string     `json:"time"` // RFC 3339, UTC
	Machine string     `json:"machine"`
	Commit  string     `json:"commit"`
	Command string     `json:"command"` // makes the table again
	Columns []string   `json:"columns"`
	Cells   [][]string `json:"cells"`

	path string
}

const (
	readme     = "README.md"
	resultsDir = "bench/results/"
)

var markers = regexp.MustCompile(`(?s)<!-- table:([a-z0-9-]+) -->\n(.*?)<!-- /table:([a-z0-9-]+) -->`)

// checkTables compares README.md with what the results give.
func checkTables(t *tree) []finding {
	old, fresh, findings := renderReadme(t)
	if len(findings) == 0 && !bytes.Equal(old, fresh) {
		findings = append(findings, finding{readme, "a measured table differs from bench/results; go run ./cmd/tidy -write makes it again"})
	}
	return findings
}

// writeTables rewrites README.md where a table changed.
func writeTables(t *tree) error {
	old, fresh, findings := renderReadme(t)
	if len(findings) > 0 {
		return fmt.Errorf("%s", findings[0])
	}
	if bytes.Equal(old, fresh) {
		return nil
	}
	return os.WriteFile(filepath.Join(t.root, readme), fresh, 0o644)
}

// renderReadme returns README.md as it is and as it should be. A tree without one has nothing to show.
func renderReadme(t *tree) (old, fresh []byte, findings []finding) {
	old, err := os.ReadFile(filepath.Join(t.root, readme))
	if err != nil {
		return nil, nil, nil
	}
	tables, findings := loadTables(t)
	for _, m := range markers.FindAllSubmatch(old, -1) {
		if string(m[1]) != string(m[3]) {
			findings = append(findings, finding{readme, fmt.Sprintf("the table %s is closed as %s", m[1], m[3])})
		}
	}
	opened := bytes.Count(old, []byte("<!-- table:"))
	if closed := len(markers.FindAllIndex(old, -1)); closed != opened {
		findings = append(findings, finding{readme, fmt.Sprintf("%d tables are opened, %d are closed", opened, closed)})
	}
	fresh = markers.ReplaceAllFunc(old, func(block []byte) []byte {
		name := string(markers.FindSubmatch(block)[1])
		return []byte(fmt.Sprintf("<!-- table:%s -->\n%s<!-- /table:%s -->", name, renderTable(tables[name]), name))
	})
	return old, fresh, findings
}

// loadTables reads every result that is a table, the latest of each name.
func loadTables(t *tree) (map[string]*measured, []finding) {
	tables := map[string]*measured{}
	var findings []finding
	for _, f := range t.files {
		if !strings.HasPrefix(f, resultsDir) || !strings.HasSuffix(f, ".json") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(t.root, f))
		if err != nil {
			findings = append(findings, finding{f, err.Error()})
			continue
		}
		m := &measured{path: f}
		if err := json.Unmarshal(text, m); err != nil || m.Table == "" {
			continue // raw output of another shape
		}
		for i, row := range m.Cells {
			if len(row) != len(m.Columns) {
				findings = append(findings, finding{f, fmt.Sprintf("row %d has %d cells for %d columns", i+1, len(row), len(m.Columns))})
			}
		}
		if had := tables[m.Table]; had == nil || had.Time < m.Time {
			tables[m.Table] = m
		}
	}
	return tables, findings
}

// renderTable prints a table as Markdown with where it comes from; nil is a table nobody has measured.
func renderTable(m *measured) string {
	if m == nil {
		return "\nNot measured yet.\n\n"
	}
	var b strings.Builder
	b.WriteString("\n| " + strings.Join(m.Columns, " | ") + " |\n|" + strings.Repeat("---|", len(m.Columns)) + "\n")
	for _, row := range m.Cells {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
	}
	fmt.Fprintf(&b, "\nFrom `%s`: %s", m.path, m.Machine)
	if m.Commit != "" {
		fmt.Fprintf(&b, ", commit %.12s", m.Commit)
	}
	if day, _, ok := strings.Cut(m.Time, "T"); ok {
		b.WriteString(", " + day)
	}
	if m.Command != "" {
		fmt.Fprintf(&b, ". Made by `%s`", m.Command)
	}
	b.WriteString(".\n\n")
	return b.String()
}
