package main

import (
	"os"
	"path/filepath"
	"strings"
)

// inside reports whether path is dir or lies below it, as written or once links are followed.
func inside(path, dir string) bool {
	return below(path, dir) || below(realPath(path), realPath(dir))
}

func below(path, dir string) bool {
	p, err1 := filepath.Abs(path)
	d, err2 := filepath.Abs(dir)
	rel, err3 := filepath.Rel(d, p)
	return err1 == nil && err2 == nil && err3 == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// realPath follows the links of as much of a path as there is.
func realPath(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	for there, rest := abs, ""; ; {
		if real, err := filepath.EvalSymlinks(there); err == nil {
			return filepath.Join(real, rest)
		} else if _, lerr := os.Lstat(there); lerr == nil {
			return abs // a link that leads nowhere: whoever makes the directory refuses it
		}
		up := filepath.Dir(there)
		if up == there {
			return abs
		}
		there, rest = up, filepath.Join(filepath.Base(there), rest)
	}
}
