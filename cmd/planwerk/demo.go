package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"planwerk/arrow"
	"planwerk/datasets"

	"github.com/spf13/cobra"
)

// demoLedger is the ledger a manifest names when the input was the embedded example.
const demoLedger = "embedded:demo"

// demoCommand runs the whole batch on the embedded example ledger.
func demoCommand(sh *shell) *cobra.Command {
	f := ledgerFlags{out: "planwerk-demo", rounding: "cascade"}
	var unpack string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "the whole batch on the example ledger that is part of the program",
		Long: `demo computes the example ledger that is part of the program, all of it, and writes the result to planwerk-demo, or to
--out. A result an earlier demo left there is replaced; anything else is not.

Units: values and labour time in minutes, amounts in units of the product type.`,
		Example: "  planwerk demo\n  planwerk demo --out /tmp/result --format csv\n  planwerk demo --unpack ledger",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return sh.demo(cmd.Context(), &f, unpack)
		},
	}
	f.addOutput(cmd)
	cmd.Flags().StringVar(&unpack, "unpack", "", "also leave the example ledger in this directory, as CSV to look at")
	return cmd
}

func (sh *shell) demo(ctx context.Context, f *ledgerFlags, unpack string) error {
	f.force = f.force || isDemoResult(f.out)
	if err := f.checkOut(); err != nil {
		return err
	}
	if unpack != "" {
		if err := unpackDemo(unpack); err != nil {
			return err
		}
	}
	dir, err := sh.demoDirectory()
	if err != nil {
		return err
	}
	f.ledger = dir
	if err := errors.Join(f.after.Set(datasets.DemoAfter), f.until.Set(datasets.DemoUntil)); err != nil {
		return err
	}
	c, err := sh.compute(ctx, f)
	if err != nil {
		return err
	}
	c.ledger = demoLedger
	a, err := sh.write(ctx, c, f)
	if err != nil {
		return err
	}
	sh.meter.close()
	if sh.json {
		return sh.printJSON(a)
	}
	return sh.printDemo(c, a)
}

// isDemoResult reports whether a directory holds the result of an earlier demo.
func isDemoResult(dir string) bool {
	r, err := arrow.OpenResult(dir)
	return err == nil && r.Manifest.Ledger == demoLedger
}

// demoDirectory unpacks the example ledger for the time of the run.
func (sh *shell) demoDirectory() (string, error) {
	temp, err := os.MkdirTemp("", "planwerk-demo-ledger-")
	if err != nil {
		return "", err
	}
	sh.disk.keep(temp)
	dir := filepath.Join(temp, "ledger")
	return dir, datasets.Unpack(datasets.Demo(), dir)
}

// unpackDemo leaves the example ledger where the user wants it.
func unpackDemo(dir string) error {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return usagef("--unpack %s exists already and is not empty; name another directory", dir)
	}
	return datasets.Unpack(datasets.Demo(), dir)
}

// demoTables are printed after the tax rates: what a reader can follow by hand.
var demoTables = []struct {
	name, title string
	columns     []string
}{
	{"averages", "Socially necessary averages, minutes for one unit", []string{"subsystem", "product_type", "total_value", "total_amount", "average"}},
	{"wallets", "Wallets, in minutes: coupons of this period, claimed and spent so far", []string{"wallet", "subsystem", "coupons", "claimed", "appropriated", "balance"}},
	{"violations", "Rows that break a rule", []string{"rule", "table", "id"}},
}

// printDemo writes the account of a demo with the tables that fit on a screen.
func (sh *shell) printDemo(c *computation, a *account) error {
	fmt.Fprintf(sh.out, "The example ledger, period ]%s, %s]: %s rows in %d tables\n\n", a.After, a.Until, humanCount(a.InputRows), len(a.Inputs))
	a.printRates(sh.out)
	for _, d := range demoTables {
		for i := range c.tables {
			if c.tables[i].Name != d.name {
				continue
			}
			text, err := readTable(&c.tables[i], mostPrinted)
			if err != nil {
				return err
			}
			fmt.Fprintf(sh.out, "\n%s:\n", d.title)
			printTable(sh.out, text, d.columns...)
		}
	}
	a.printWhere(sh.out)
	_, err := fmt.Fprintln(sh.out, "By hand: datasets/demo/README.md works these figures out with pen and paper; --unpack DIR leaves the ledger to look at.")
	return err
}
