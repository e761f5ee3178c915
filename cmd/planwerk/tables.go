package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"planwerk/arrow"

	"github.com/spf13/cobra"
)

// part is one computation of a batch that can be asked for alone.
type part struct {
	name, short string
	tables      []string
}

var parts = []part{
	{"values", "values of elements, productions, resources and means of production",
		[]string{"element_values", "value_transfers", "production_values", "resource_values", "mop_values"}},
	{"averages", "socially necessary averages by subsystem and product type", []string{"averages"}},
	{"revision", "tax rate of each subsystem, the subsystems, settlements", []string{"revisions", "subsystems", "settlements"}},
	{"coupons", "labour coupons of the period's workloads", []string{"coupons"}},
	{"wallets", "coupons, claims and balance of each wallet", []string{"wallets"}},
	{"parity", "coupons against stock, work in progress and means of production", []string{"parity"}},
	{"violations", "rows that break a rule", []string{"violations"}},
}

// partCommands makes one command of each part.
func partCommands() []func(*shell) *cobra.Command {
	var list []func(*shell) *cobra.Command
	for _, p := range parts {
		list = append(list, func(sh *shell) *cobra.Command { return partCommand(sh, p) })
	}
	return list
}

// partCommand writes the tables of one computation to a directory or, as CSV, to stdout.
func partCommand(sh *shell, p part) *cobra.Command {
	var f ledgerFlags
	cmd := &cobra.Command{
		Use:   p.name + " --ledger DIR --after T --until T [--out DIR]",
		Short: p.short,
		Long: fmt.Sprintf(`%s computes like batch and gives a part of the tables: with --out as a result directory, without it as CSV on stdout,
under --json as one JSON object of lists of rows by table, ids and decimals as texts.

Tables: %s.

Units: values and labour time in minutes with six places, amounts in units of the product type with six places.`, p.name, strings.Join(p.tables, ", ")),
		Example: fmt.Sprintf("  planwerk %s --ledger export --after 2026-01-01 --until 2026-02-01", p.name),
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(false); err != nil {
				return err
			}
			if f.dryRun {
				return sh.dryRun(cmd.Context(), &f)
			}
			c, err := sh.compute(cmd.Context(), &f)
			if err != nil {
				return err
			}
			defer c.close()
			c.only(p.tables)
			return sh.deliver(cmd.Context(), c, &f)
		},
	}
	f.add(cmd)
	return cmd
}

// deliver writes some tables of a batch to --out, or prints them.
func (sh *shell) deliver(ctx context.Context, c *computation, f *ledgerFlags) error {
	if f.out == "" {
		sh.meter.close()
		print := printTables
		if sh.json {
			print = printTablesJSON
		}
		if err := print(ctx, sh.out, c.tables); err != nil {
			return err
		}
	} else {
		a, err := sh.write(ctx, c, f)
		if err != nil {
			return err
		}
		sh.meter.close()
		if sh.json {
			err = sh.printJSON(a)
		} else {
			a.printWhere(sh.out)
		}
		if err != nil {
			return err
		}
	}
	if n := int64(len(c.result.Violations)); f.strict && n > 0 {
		return violationsf("%s rows break a rule (--strict); \"planwerk violations\" with the same flags names them", humanCount(n))
	}
	return nil
}

// printTables writes tables as CSV; several are set apart by an empty line and a line with the table's name.
func printTables(ctx context.Context, out io.Writer, tables []arrow.ResultTable) error {
	w := bufio.NewWriterSize(out, 1<<16)
	for i := range tables {
		if len(tables) > 1 {
			if i > 0 {
				fmt.Fprintln(w)
			}
			fmt.Fprintf(w, "# %s\n", tables[i].Name)
		}
		if err := printCSV(ctx, w, &tables[i]); err != nil {
			return err
		}
	}
	return w.Flush()
}

func printCSV(ctx context.Context, out io.Writer, t *arrow.ResultTable) error {
	w := csv.NewWriter(out)
	row := make([]string, len(t.Columns))
	for c := range t.Columns {
		row[c] = t.Columns[c].Name
	}
	if err := w.Write(row); err != nil {
		return err
	}
	err := eachBatch(t, t.Rows, func(b *arrow.ResultBatch) error {
		for i := range b.N {
			for c := range t.Columns {
				row[c] = cellCSV(&t.Columns[c], &b.Columns[c], i)
			}
			if err := w.Write(row); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
	w.Flush()
	if err == nil {
		err = w.Error()
	}
	return err
}
