package main

import (
	"errors"
	"io/fs"
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

// canHold checks that a file can be made where a flag names one.
func canHold(flag, path string) error {
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return usagef("%s %s: there is no directory %s", flag, path, dir)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return usagef("%s %s is a directory; name a file", flag, path)
	}
	probe, err := os.CreateTemp(dir, ".tmp-planwerk-")
	if err != nil {
		return usagef("%s %s cannot be made: %w", flag, path, baseOf(err))
	}
	probe.Close()
	return os.Remove(probe.Name())
}

// baseOf is what went wrong, without the path of a temporary file.
func baseOf(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
