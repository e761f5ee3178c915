package main

import (
	"flag"
	"fmt"
	"os"
)

// A finding is one broken rule at one place; place is a path, or path:line.
type finding struct {
	place, text string
}

func (f finding) String() string { return f.place + ": " + f.text }

// A rule looks at the tree and says what breaks it.
type rule struct {
	name  string
	check func(*tree) []finding
}

// rules are checked in this order.
var rules = []rule{
	{"import directions", checkImports},
	{"length", checkSizes},
	{"package docs", checkDocs},
	{"gofmt", checkFormat},
	{"build tags", checkTags},
	{"left open", checkOpenWords},
	{"machine paths", checkMachinePaths},
	{"large files", checkLargeFiles},
	{"measured tables", checkTables},
}

func main() {
	root := flag.String("root", ".", "root folder of the module")
	write := flag.Bool("write", false, "rewrite the measured tables of README.md")
	generated := flag.Bool("generated", false, "check only that generated files are fresh")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "tidy: takes no arguments, only flags; see -help")
		os.Exit(2)
	}
	findings, err := run(*root, *write, *generated)
	if err != nil {
		fmt.Fprintln(os.Stderr, "tidy:", err)
		os.Exit(3)
	}
	for _, f := range findings {
		fmt.Println(f)
	}
	if len(findings) > 0 {
		os.Exit(1)
	}
}

// run applies what was asked for and returns every finding.
func run(root string, write, generated bool) ([]finding, error) {
	t, err := loadTree(root)
	if err != nil {
		return nil, err
	}
	if generated {
		return checkGenerated(t)
	}
	if write {
		if err := writeTables(t); err != nil {
			return nil, err
		}
	}
	var all []finding
	for _, r := range rules {
		for _, f := range r.check(t) {
			f.text = r.name + ": " + f.text
			all = append(all, f)
		}
	}
	return all, nil
}
