package main

import (
	"github.com/spf13/cobra"
)

// batchCommand runs the whole batch and writes its result.
func batchCommand(sh *shell) *cobra.Command {
	var f ledgerFlags
	cmd := &cobra.Command{
		Use:   "batch --ledger DIR --after T --until T --out DIR",
		Short: "compute everything of a period from a ledger export",
		Long: `batch reads a ledger export and computes the period ]after, until]: values of elements, resources and means of production,
averages, the tax rate of each subsystem, coupons, wallets, parity, settlements, and every row that breaks a rule.

The result is a directory of tables with a manifest and a Merkle root. It appears when it is complete; an existing one is
replaced only with --force.

Units: values and labour time in minutes with six places, amounts in units of the product type with six places. Times are
RFC 3339, a date (midnight UTC) or microseconds since 1970.`,
		Example: "  planwerk batch --ledger export --after 2026-01-01 --until 2026-02-01 --out january\n" +
			"  planwerk batch --ledger export --after 2026-01-01 --until 2026-02-01 --out january --format csv --strict",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(true); err != nil {
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
			a, err := sh.write(cmd.Context(), c, &f)
			if err != nil {
				return err
			}
			return sh.conclude(a, f.strict)
		},
	}
	f.add(cmd)
	return cmd
}

// conclude prints the account of a batch; violations fail it under --strict.
func (sh *shell) conclude(a *account, strict bool) error {
	sh.meter.close()
	if sh.json {
		if err := sh.printJSON(a); err != nil {
			return err
		}
	} else {
		a.print(sh.out)
		a.printWhere(sh.out)
	}
	if strict && a.Totals.Violations > 0 {
		return violationsf("%s rows break a rule (--strict); the table violations in %s names them", humanCount(a.Totals.Violations), a.Out)
	}
	return nil
}
