package main

import (
	"bytes"
	"fmt"
	"go/ast"
)

// Longest function and file we write, in lines; generated files are as long as they are.
const (
	maxFunctionLines = 70
	maxFileLines     = 400
)

// checkSizes measures functions from "func" to the closing brace, and files as a whole.
func checkSizes(t *tree) []finding {
	var out []finding
	for i := range t.sources {
		s := &t.sources[i]
		if s.generated {
			continue
		}
		if n := bytes.Count(s.text, []byte("\n")); n > maxFileLines {
			out = append(out, finding{s.path, fmt.Sprintf("%d lines, at most %d: cut it by what its parts are about", n, maxFileLines)})
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			f, ok := n.(*ast.FuncDecl)
			if !ok {
				return true
			}
			lines := t.fset.Position(f.End()).Line - t.fset.Position(f.Pos()).Line + 1
			if lines > maxFunctionLines {
				out = append(out, finding{t.at(f.Pos()), fmt.Sprintf("%s has %d lines, at most %d", f.Name.Name, lines, maxFunctionLines)})
			}
			return false
		})
	}
	return out
}
