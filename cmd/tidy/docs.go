package main

import (
	"fmt"
	"sort"
	"strings"
)

// checkDocs wants one file of every package to say what the package is: "Package x …"; a program's begins as it likes.
func checkDocs(t *tree) []finding {
	type state struct{ name, doc string }
	packages := map[string]*state{}
	for i := range t.sources {
		s := &t.sources[i]
		name := strings.TrimSuffix(s.ast.Name.Name, "_test")
		p := packages[s.dir()]
		if p == nil {
			p = &state{name: name}
			packages[s.dir()] = p
		}
		if doc := s.ast.Doc.Text(); doc != "" && (p.doc == "" || strings.HasPrefix(doc, opening(name))) {
			p.doc = doc
		}
	}
	var out []finding
	for dir, p := range packages {
		switch {
		case p.doc == "":
			out = append(out, finding{dir, fmt.Sprintf("package %s has no doc comment", p.name)})
		case !strings.HasPrefix(p.doc, opening(p.name)):
			out = append(out, finding{dir, fmt.Sprintf("the doc comment of package %s does not begin with %q", p.name, strings.TrimSpace(opening(p.name)))})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].place < out[j].place })
	return out
}

// opening is how the doc comment of a package begins.
func opening(name string) string {
	if name == "main" {
		return ""
	}
	return "Package " + name + " "
}
