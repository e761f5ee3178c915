package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"sort"
	"strings"
)

// tree is the source tree as the rules see it.
type tree struct {
	root     string // absolute
	files    []string
	sources  []source
	packages []goPackage
	fset     *token.FileSet
}

// source is one Go file.
type source struct {
	path      string // relative to the root, with slashes
	text      []byte
	ast       *ast.File
	generated bool // carries the standard "Code generated … DO NOT EDIT." line
}

// goPackage is what "go list" says of a package.
type goPackage struct {
	ImportPath string
	Imports    []string
}

// loadTree reads the files below root and asks "go list" for its packages.
func loadTree(root string) (*tree, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	t := &tree{root: abs, fset: token.NewFileSet()}
	if t.files, err = listFiles(abs); err != nil {
		return nil, err
	}
	for _, f := range t.files {
		if !strings.HasSuffix(f, ".go") || strings.Contains("/"+f, "/testdata/") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(abs, f))
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(t.fset, f, text, parser.ParseComments)
		if err != nil {
			return nil, fmt.Errorf("%s does not parse: %w", f, err)
		}
		t.sources = append(t.sources, source{f, text, file, ast.IsGenerated(file)})
	}
	t.packages, err = listPackages(abs)
	return t, err
}

// listFiles names the files of the tree: what git tracks or would track, or, outside of a repository, every file that is
// not below a dot folder.
func listFiles(root string) ([]string, error) {
	if _, err := os.Stat(filepath.Join(root, ".git")); err == nil {
		cmd := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
		cmd.Dir = root
		if out, err := cmd.Output(); err == nil {
			return existing(root, strings.Split(strings.TrimRight(string(out), "\x00"), "\x00")), nil
		}
	}
	var files []string
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && p != root && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.Type().IsRegular() {
			rel, _ := filepath.Rel(root, p)
			files = append(files, filepath.ToSlash(rel))
		}
		return nil
	})
	return files, err
}

// existing drops what git still tracks and the working tree no longer has.
func existing(root string, names []string) []string {
	kept := names[:0]
	for _, n := range names {
		if info, err := os.Lstat(filepath.Join(root, n)); err == nil && info.Mode().IsRegular() {
			kept = append(kept, n)
		}
	}
	sort.Strings(kept)
	return kept
}

// listPackages runs "go list" for the packages of the module at root.
func listPackages(root string) ([]goPackage, error) {
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports", "./...")
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list ./... in %s: %w: %s", root, err, strings.TrimSpace(stderr.String()))
	}
	var packages []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := dec.Decode(&p); err == io.EOF {
			return packages, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list ./...: %w", err)
		}
		packages = append(packages, p)
	}
}

// dir is the folder of a source, "." for the root.
func (s *source) dir() string { return path.Dir(s.path) }

// isTest reports whether only "go test" compiles the file.
func (s *source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// at names a position as path:line.
func (t *tree) at(pos token.Pos) string {
	p := t.fset.Position(pos)
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}
