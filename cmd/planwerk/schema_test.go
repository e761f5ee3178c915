package main

import (
	"encoding/json"
	"strings"
	"testing"

	"planwerk/engine/ledger"
)

func TestSchemaHoldsEveryColumn(t *testing.T) {
	var tables []schemaTable
	o := must(t, ".", "schema", "--json")
	if err := json.Unmarshal([]byte(o.stdout), &tables); err != nil {
		t.Fatal(err)
	}
	if len(tables) != int(ledger.NumTables) {
		t.Fatalf("%d tables, want %d", len(tables), ledger.NumTables)
	}
	text, markdown := must(t, ".", "schema").stdout, must(t, ".", "schema", "--markdown").stdout
	for i, table := range tables {
		def := &ledger.Schema[i]
		if table.Table != def.Name || len(table.Columns) != len(def.Columns) {
			t.Errorf("table %d is %s with %d columns, want %s with %d", i, table.Table, len(table.Columns), def.Name, len(def.Columns))
		}
		if !strings.Contains(text, def.Name+": ") || !strings.Contains(markdown, "| `"+def.Name+"` |") {
			t.Errorf("%s is not in the text or the Markdown", def.Name)
		}
		for _, c := range table.Columns {
			if c.Kind == "" {
				t.Errorf("%s.%s has no kind", table.Table, c.Name)
			}
		}
	}
}

func TestSchemaOfSomeTables(t *testing.T) {
	golden(t, "schema-trust.txt", must(t, ".", "schema", "trust").stdout)
}
