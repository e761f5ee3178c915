package planproblem

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"planwerk/arrow"
)

// TestFormatListsTheProblem compares the tables FORMAT.md documents with those the reader knows.
func TestFormatListsTheProblem(t *testing.T) {
	text, err := os.ReadFile("../FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "<!-- tables:problem -->")
	block, _, closed := strings.Cut(rest, "<!-- /tables:problem -->")
	if !closed {
		t.Fatal("FORMAT.md has no block tables:problem")
	}
	var got []string
	table := ""
	for line := range strings.SplitSeq(block, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 5 || strings.Contains(line, "---") || strings.Contains(line, "| table |") {
			continue
		}
		if name := strings.Trim(cells[1], " `"); name != "" {
			table = name
		}
		got = append(got, table+"."+strings.TrimSpace(cells[2])+" "+strings.TrimSpace(cells[3]))
	}
	kinds := map[arrow.Kind]string{arrow.KindID: "id", arrow.KindFloat: "number", arrow.KindMinutes: "whole", arrow.KindText: "text"}
	var want []string
	for _, def := range schema {
		for _, c := range def.columns {
			mark := ""
			if c.optional {
				mark = "?"
			}
			want = append(want, fmt.Sprintf("%s.%s%s %s", def.name, c.name, mark, kinds[c.kind]))
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("FORMAT.md lists\n%s\nthe reader knows\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
