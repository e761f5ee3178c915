package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// The generators of kernels live in generatorDir, a module of its own. "go generate ./..." run there writes every
// generated file below kernels.
const (
	generatedDir = "kernels"
	generatorDir = "kernels/_gen"
)

// generatedMark is the line the go tool knows generated files by; in assembly it is a comment as well.
var generatedMark = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// checkGenerated copies kernels, runs the generators there and compares what they write with what the tree holds. A tree
// without generators has nothing to compare.
func checkGenerated(t *tree) ([]finding, error) {
	if _, err := os.Stat(filepath.Join(t.root, generatorDir)); err != nil {
		return nil, nil
	}
	work, err := os.MkdirTemp("", "tidy-generated-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	held, err := copyWithoutGenerated(t, work)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("go", "generate", "./...")
	cmd.Dir = filepath.Join(work, generatorDir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go generate ./... in %s: %w: %s", generatorDir, err, bytes.TrimSpace(out))
	}
	made, err := listFiles(work)
	if err != nil {
		return nil, err
	}
	return compareGenerated(work, held, made)
}

// copyWithoutGenerated copies kernels into work, without the generated files, whose text it returns by path.
func copyWithoutGenerated(t *tree, work string) (map[string][]byte, error) {
	held := map[string][]byte{}
	for _, f := range t.files {
		inModule := strings.HasPrefix(f, generatedDir+"/")
		if !inModule && f != "go.mod" && f != "go.sum" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(t.root, f))
		if err != nil {
			return nil, err
		}
		if inModule && isGenerated(f, text) {
			held[f] = text
			continue
		}
		to := filepath.Join(work, f)
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			return nil, err
		}
		if err := os.WriteFile(to, text, 0o666); err != nil {
			return nil, err
		}
	}
	return held, nil
}

// isGenerated looks for the mark in the first lines of Go and assembly files; generators themselves may quote it below.
func isGenerated(path string, text []byte) bool {
	if !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".s") {
		return false
	}
	return generatedMark.Match(text[:min(len(text), 1000)])
}

// compareGenerated compares the files held with those made, both ways.
func compareGenerated(work string, held map[string][]byte, made []string) ([]finding, error) {
	var out []finding
	seen := map[string]bool{}
	for _, f := range made {
		text, err := os.ReadFile(filepath.Join(work, f))
		if err != nil {
			return nil, err
		}
		if !isGenerated(f, text) {
			continue
		}
		seen[f] = true
		old, there := held[f]
		switch {
		case !there:
			out = append(out, finding{f, "the generators write it and the tree does not have it"})
		case !bytes.Equal(old, text):
			out = append(out, finding{f, "is not what the generators write; run go generate ./... in " + generatorDir})
		}
	}
	for f := range held {
		if !seen[f] {
			out = append(out, finding{f, "is generated, but no generator writes it"})
		}
	}
	return out, nil
}
