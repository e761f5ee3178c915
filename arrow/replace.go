package arrow

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// CheckTarget says, before all the work, whether WriteResult could put a result at dir: there is nothing, an empty
// directory, or, with force, a result with no other files in it. It changes nothing.
func CheckTarget(dir string, force bool) error { return mayWrite(dir, force, isResult) }

// isResult accepts a directory that holds a result and nothing else.
func isResult(dir string) error {
	man, err := readManifest(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("it is no result, for it has no %s; name another directory", ManifestFile)
	}
	if err != nil {
		return fmt.Errorf("it is no result: %w", err)
	}
	listed := make([]string, len(man.Outputs))
	for i, f := range man.Outputs {
		listed[i] = f.Path
	}
	return onlyListed(dir, listed)
}

// isExport accepts a directory that holds an export with a manifest and nothing else.
func isExport(dir string) error {
	d := Directory{Path: dir}
	files, err := d.readManifest()
	if err != nil {
		return fmt.Errorf("it is no export: %w", err)
	}
	if !d.Manifest {
		return fmt.Errorf("it is no export, for it has no %s; name another directory", ManifestFile)
	}
	listed := make([]string, 0, len(files))
	for name := range files {
		listed = append(listed, name)
	}
	return onlyListed(dir, listed)
}

// onlyListed refuses a directory that holds what its manifest does not list: that is somebody's, and not ours to remove.
func onlyListed(dir string, listed []string) error {
	known := map[string]bool{".": true, ManifestFile: true}
	for _, name := range listed {
		for ; name != "."; name = filepath.ToSlash(filepath.Dir(filepath.FromSlash(name))) {
			known[name] = true
		}
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if !known[filepath.ToSlash(rel)] {
			return fmt.Errorf("%s in it is not of ours; move it away, or name another directory", quoteName(filepath.ToSlash(rel)))
		}
		return nil
	})
}

// mayWrite says whether target can be written, as beginDir describes.
func mayWrite(target string, force bool, ours func(dir string) error) error {
	if real, err := filepath.EvalSymlinks(target); err == nil {
		target = real
	} else if st, lerr := os.Lstat(target); lerr == nil && st.Mode()&fs.ModeSymlink != 0 {
		return fmt.Errorf("%s is a link that leads nowhere; remove it, or name another directory", target)
	}
	entries, err := os.ReadDir(target)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && len(entries) == 0:
		return nil
	case err != nil:
		return err
	case !force:
		return fmt.Errorf("%s %w; use --force to replace it, or another directory", target, ErrExists)
	}
	if err := ours(target); err != nil {
		return fmt.Errorf("%s %w and is not replaced: %w", target, ErrExists, err)
	}
	return nil
}
