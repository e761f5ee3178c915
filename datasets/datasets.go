// Package datasets holds the small data sets of the project, embedded, so that examples and tests need no files.
//
// README.md lists each with its checksum, licence and source. The package synth in the folder make generates data of any
// size from a seed.
package datasets

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

//go:embed demo/*.csv
var demo embed.FS

// The period of the example ledger that a batch computes, as dates at midnight UTC: ]DemoAfter, DemoUntil].
const (
	DemoAfter = "2026-02-01"
	DemoUntil = "2026-03-01"
)

// Demo is the example ledger: an export of CSV tables, small enough to be worked out by hand (demo/README.md does).
func Demo() fs.FS {
	sub, err := fs.Sub(demo, "demo")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

// Unpack copies all files of fsys into dir, which is made if it is not there. A file that exists is an error and stays.
func Unpack(fsys fs.FS, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	return fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("unpack: %w", err)
		}
		target := filepath.Join(dir, filepath.FromSlash(path))
		if d.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		data, err := fs.ReadFile(fsys, path)
		if err != nil {
			return fmt.Errorf("unpack: %w", err)
		}
		return create(target, data)
	})
}

// create writes a new file.
func create(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	_, err = f.Write(data)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	return nil
}
