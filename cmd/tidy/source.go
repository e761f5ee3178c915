package main

import (
	"bytes"
	"fmt"
	"go/build/constraint"
	"go/format"
	"path"
	"strings"
)

// checkFormat wants every Go file as gofmt prints it.
func checkFormat(t *tree) []finding {
	var out []finding
	for i := range t.sources {
		s := &t.sources[i]
		want, err := format.Source(s.text)
		if err != nil || !bytes.Equal(want, s.text) {
			out = append(out, finding{s.path, "gofmt would change it"})
		}
	}
	return out
}

// systems are the file name endings that bind a file to one system or processor.
var systems = []string{"_linux", "_windows", "_darwin", "_freebsd", "_amd64", "_arm64", "_386", "_arm", "_riscv64", "_wasm"}

// checkTags keeps machines out of algorithms: a file outside kernels is compiled everywhere or, as a long test, only
// under the tag stress.
func checkTags(t *tree) []finding {
	var out []finding
	for i := range t.sources {
		s := &t.sources[i]
		if within(s.dir(), "kernels") {
			continue
		}
		stem := strings.TrimSuffix(strings.TrimSuffix(path.Base(s.path), ".go"), "_test")
		for _, sys := range systems {
			if strings.HasSuffix(stem, sys) {
				out = append(out, finding{s.path, fmt.Sprintf("the name ending %s is a build tag; machines stay in kernels", sys)})
			}
		}
		for _, group := range s.ast.Comments {
			if group.Pos() > s.ast.Package {
				break
			}
			for _, c := range group.List {
				if !constraint.IsGoBuild(c.Text) || s.isTest() && stressOnly(c.Text) {
					continue
				}
				out = append(out, finding{t.at(c.Pos()), fmt.Sprintf("%s: build tags stay in kernels (and stress in tests)", c.Text)})
			}
		}
	}
	return out
}

// stressOnly reports whether a constraint speaks of nothing but the tag stress.
func stressOnly(line string) bool {
	expr, err := constraint.Parse(line)
	if err != nil {
		return false
	}
	return speaksOnlyOf(expr, "stress")
}

// speaksOnlyOf walks a constraint and reports whether tag is the only one it names.
func speaksOnlyOf(expr constraint.Expr, tag string) bool {
	switch e := expr.(type) {
	case *constraint.TagExpr:
		return e.Tag == tag
	case *constraint.NotExpr:
		return speaksOnlyOf(e.X, tag)
	case *constraint.AndExpr:
		return speaksOnlyOf(e.X, tag) && speaksOnlyOf(e.Y, tag)
	case *constraint.OrExpr:
		return speaksOnlyOf(e.X, tag) && speaksOnlyOf(e.Y, tag)
	}
	return false
}
