// Command tidy holds the house rules of this tree as a program and, through its test, as a part of "go test ./...".
//
//	go run ./cmd/tidy           check; one readable line per finding, exit 1 when there is one
//	go run ./cmd/tidy -write    also rewrite the measured tables of README.md from bench/results
//	go run ./cmd/tidy -generated    check only that generated files are what their generators write (needs kernels/_gen's modules)
//
// The rules: import directions (imports.go), length of functions and files (sizes.go), a doc comment in every package
// (docs.go), gofmt and build tags (source.go), nothing left open, no path of one machine, no large file (words.go),
// measured tables equal to the results they come from (readme.go), generated files fresh (generated.go).
//
// Each rule is a function from the tree to its findings. Each has a test that shows, on a small tree that breaks it, that
// it can fail.
package main
