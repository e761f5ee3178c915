// Command duckdb runs DuckDB as a peer of planwerk's, in a module of its own, so that planwerk does not depend on it:
// totals and averages of a large table, and the definitions of a whole batch as SQL. It prints what it measured as JSON;
// the drivers are bench/peers/averages and bench/peers/batch.
//
//	go build -o duckdb .
//	./duckdb averages MODE FILE ANSWER THREADS REPEAT
//	./duckdb batch LEDGER AFTER UNTIL OUT THREADS MEMORY
//	./duckdb check RESULT OUT THREADS MEMORY
package main

import (
	"fmt"
	"os"

	_ "github.com/duckdb/duckdb-go/v2"
)

func main() {
	commands := map[string]func([]string) error{"averages": averages, "batch": batch, "check": check}
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: duckdb averages|batch|check …")
		os.Exit(2)
	}
	if err := commands[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
