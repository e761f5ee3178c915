package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"planwerk/arrow"
)

// shows compares what a document holds between <!-- output:NAME --> and <!-- /output:NAME --> with what it should;
// -update rewrites it.
func shows(t *testing.T, path, name, want string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	open, shut := "<!-- output:"+name+" -->\n\n", "\n<!-- /output:"+name+" -->"
	before, rest, opened := strings.Cut(string(text), open)
	had, after, closed := strings.Cut(rest, shut)
	switch {
	case !opened || !closed:
		t.Fatalf("%s has no block output:%s", path, name)
	case had == want:
	case !*update:
		t.Fatalf("%s shows another output of %s; -update rewrites it", path, name)
	default:
		if err := os.WriteFile(path, []byte(before+open+want+shut+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReadmeShowsTheDemo compares what README.md shows with what the demo prints.
func TestReadmeShowsTheDemo(t *testing.T) {
	recorded, err := os.ReadFile("testdata/demo.txt")
	if err != nil {
		t.Fatal(err)
	}
	shows(t, "../../README.md", "demo", "```\n"+string(recorded)+"```\n")
}

const formatPage = "../../ledgeradapter/FORMAT.md"

func TestFormatShowsTheSchema(t *testing.T) {
	shows(t, formatPage, "schema", must(t, ".", "schema", "--markdown").stdout)
}

// TestFormatListsResults compares the result tables FORMAT.md documents with those of real results.
func TestFormatListsResults(t *testing.T) {
	dir := t.TempDir()
	for name, args := range map[string][]string{
		"batch":    {"demo"},
		"leontief": {"leontief", "--dataset", "uk2010", "--multipliers"},
		"plan":     {"plan", "--demo"},
	} {
		out := filepath.Join(dir, name)
		must(t, dir, append(args, "--quiet", "--out", out)...)
		var man arrow.Manifest
		text, err := os.ReadFile(filepath.Join(out, arrow.ManifestFile))
		if err == nil {
			err = json.Unmarshal(text, &man)
		}
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, table := range man.Tables {
			for _, c := range table.Columns {
				mark := ""
				if c.Nullable {
					mark = "?"
				}
				want = append(want, fmt.Sprintf("%s.%s%s %s", table.Name, c.Name, mark, c.Type))
			}
		}
		if got := listed(t, name); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s, tables:%s: lists\n%s\nresults have\n%s", formatPage, name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

var tableRow = regexp.MustCompile("(?m)^\\| (?:`([a-z_]+)`)? *\\| ([a-z_]+\\??) \\| ([^ ]+) \\|")

// listed are the columns between <!-- tables:NAME --> and <!-- /tables:NAME -->, as "table.column type".
func listed(t *testing.T, name string) (columns []string) {
	t.Helper()
	text, err := os.ReadFile(formatPage)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, opened := strings.Cut(string(text), "<!-- tables:"+name+" -->")
	block, _, closed := strings.Cut(rest, "<!-- /tables:"+name+" -->")
	if !opened || !closed {
		t.Fatalf("%s has no block tables:%s", formatPage, name)
	}
	table := ""
	for _, m := range tableRow.FindAllStringSubmatch(block, -1) {
		if m[1] != "" {
			table = m[1]
		}
		if m[3] != "type" {
			columns = append(columns, table+"."+m[2]+" "+m[3])
		}
	}
	return columns
}

// TestCommandsAreInGroups: help lists every command below a heading, and headings name only commands there are.
func TestCommandsAreInGroups(t *testing.T) {
	listed := 0
	for _, c := range newRoot(newShell(io.Discard, io.Discard)).Commands() {
		if c.IsAdditionalHelpTopicCommand() {
			continue
		}
		if c.GroupID == "" {
			t.Errorf("%s is in no group of root.go", c.Name())
		}
		listed++
	}
	for _, g := range groups {
		listed -= len(strings.Fields(g.commands))
	}
	if listed != 0 {
		t.Errorf("groups name %d commands more or less than there are", -listed)
	}
}
