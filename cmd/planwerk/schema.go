package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"planwerk/engine/ledger"

	"github.com/spf13/cobra"
)

// schemaCommand prints the export schema the reader works by.
func schemaCommand(sh *shell) *cobra.Command {
	var markdown bool
	cmd := &cobra.Command{
		Use:   "schema [TABLE…]",
		Short: "print the tables and columns of a ledger export",
		Long: `schema prints what a ledger export holds, from the one definition the reader works by.

Units: value in minutes (up to six places), amount in units of the product type (up to six places), minutes as whole
minutes, time as RFC 3339, a date or microseconds since 1970. A "?" marks a column that may be null or absent.`,
		Example: "  planwerk schema\n  planwerk schema workloads outputs\n  planwerk schema --markdown",
		RunE: func(_ *cobra.Command, args []string) error {
			tables, err := schemaOf(args)
			if err != nil {
				return err
			}
			switch {
			case sh.json:
				return sh.printJSON(tables)
			case markdown:
				return sh.schemaMarkdown(tables)
			}
			return sh.schemaText(tables)
		},
	}
	cmd.Flags().BoolVar(&markdown, "markdown", false, "as a Markdown table")
	return cmd
}

// schemaTable and schemaColumn are the schema as --json prints it.
type schemaTable struct {
	Table   string         `json:"table"`
	Doc     string         `json:"doc"`
	Key     []string       `json:"primary_id"`
	Time    string         `json:"time,omitempty"`
	Columns []schemaColumn `json:"columns"`
}

type schemaColumn struct {
	Name     string `json:"name"`
	Kind     string `json:"kind"`
	Optional bool   `json:"optional"`
	Domain   string `json:"domain,omitempty"`
	Doc      string `json:"doc,omitempty"`
}

var kindNames = map[ledger.Kind]string{
	ledger.KindID: "id", ledger.KindValue: "value", ledger.KindAmount: "amount", ledger.KindTime: "time", ledger.KindMinutes: "minutes",
	ledger.KindFlag: "flag", ledger.KindText: "text", ledger.KindWide: "decimal(38,0)", ledger.KindDecimal: "decimal",
}

// schemaOf describes the tables named, all of them when none is.
func schemaOf(names []string) ([]schemaTable, error) {
	ids := make([]ledger.TableID, 0, ledger.NumTables)
	for _, n := range names {
		id, known := ledger.TableByName(n)
		if !known {
			return nil, usagef("no table %q; \"planwerk schema\" lists them", n)
		}
		ids = append(ids, id)
	}
	if len(names) == 0 {
		for id := ledger.TableID(0); id < ledger.NumTables; id++ {
			ids = append(ids, id)
		}
	}
	tables := make([]schemaTable, len(ids))
	for i, id := range ids {
		def := &ledger.Schema[id]
		t := schemaTable{Table: def.Name, Doc: def.Doc}
		for _, c := range def.Columns {
			t.Columns = append(t.Columns, schemaColumn{c.Name, kindNames[c.Kind], c.Optional, c.Domain, c.Doc})
		}
		for _, k := range def.Key {
			t.Key = append(t.Key, def.Columns[k].Name)
		}
		if def.Time >= 0 {
			t.Time = def.Columns[def.Time].Name
		}
		tables[i] = t
	}
	return tables, nil
}

// optionalMark is "?" behind a column that may be null or absent.
func (c schemaColumn) optionalMark() string {
	if c.Optional {
		return "?"
	}
	return ""
}

func (sh *shell) schemaText(tables []schemaTable) error {
	w := tabwriter.NewWriter(sh.out, 0, 0, 2, ' ', 0)
	for _, t := range tables {
		fmt.Fprintf(w, "%s: %s\n", t.Table, t.Doc)
		for _, c := range t.Columns {
			fmt.Fprintf(w, "  %s%s\t%s\t%s\t%s\n", c.Name, c.optionalMark(), c.Kind, c.Domain, c.Doc)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

func (sh *shell) schemaMarkdown(tables []schemaTable) error {
	fmt.Fprintf(sh.out, "| table | column | kind | ids of | what |\n|---|---|---|---|---|\n")
	for _, t := range tables {
		for i, c := range t.Columns {
			name := ""
			if i == 0 {
				name = "`" + t.Table + "`"
			}
			fmt.Fprintf(sh.out, "| %s | %s%s | %s | %s | %s |\n", name, c.Name, c.optionalMark(), c.Kind, c.Domain, strings.ReplaceAll(c.Doc, "|", "\\|"))
		}
	}
	return nil
}
