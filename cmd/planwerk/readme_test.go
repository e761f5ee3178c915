package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestReadmeShowsTheDemo compares what README.md shows with what the demo prints.
func TestReadmeShowsTheDemo(t *testing.T) {
	const path = "../../README.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	recorded, err := os.ReadFile("testdata/demo.txt")
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile("(?s)<!-- output:demo -->\n\n```\n.*?```\n\n<!-- /output:demo -->")
	want := "<!-- output:demo -->\n\n```\n" + string(recorded) + "```\n\n<!-- /output:demo -->"
	got := shown.FindString(string(text))
	if got == "" {
		t.Fatalf("%s has no block output:demo", path)
	}
	if got == want {
		return
	}
	if !*update {
		t.Fatalf("%s shows another output of the demo; -update rewrites it", path)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), got, want, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}
