package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// openWords mark what someone meant to come back to. They are put together here so that this file does not hold them.
var openWords = regexp.MustCompile(`\b(` + strings.Join([]string{"TO" + "DO", "FIX" + "ME", "X" + "XX"}, "|") + `)\b|not ` + `implemented|panic\("to` + `do`)

// checkOpenWords finds them in Go files.
func checkOpenWords(t *tree) []finding {
	var out []finding
	for i := range t.sources {
		s := &t.sources[i]
		for n, line := range bytes.Split(s.text, []byte("\n")) {
			if w := openWords.Find(line); w != nil {
				out = append(out, finding{fmt.Sprintf("%s:%d", s.path, n+1), fmt.Sprintf("%q: finish it, or say in plain words what is missing and why", w)})
			}
		}
	}
	return out
}

// checkMachinePaths finds the place of this very tree written into one of its files: it means nothing elsewhere.
func checkMachinePaths(t *tree) []finding {
	if len(t.root) < 4 {
		return nil
	}
	var out []finding
	for _, f := range t.files {
		text, err := os.ReadFile(filepath.Join(t.root, f))
		if err != nil || bytes.IndexByte(text[:min(len(text), 8000)], 0) >= 0 {
			continue // unreadable or binary
		}
		for n, line := range bytes.Split(text, []byte("\n")) {
			if bytes.Contains(line, []byte(t.root+"/")) {
				out = append(out, finding{fmt.Sprintf("%s:%d", f, n+1), "holds a path of this machine"})
				break
			}
		}
	}
	return out
}

// maxFileBytes is the largest file the tree carries: a clone stays small.
const maxFileBytes = 4 << 20

// checkLargeFiles finds files above maxFileBytes.
func checkLargeFiles(t *tree) []finding {
	var out []finding
	for _, f := range t.files {
		if info, err := os.Stat(filepath.Join(t.root, f)); err == nil && info.Size() > maxFileBytes {
			out = append(out, finding{f, fmt.Sprintf("%d bytes, at most %d: generate it, or keep a smaller one", info.Size(), maxFileBytes)})
		}
	}
	return out
}
