package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	synth "planwerk/datasets/make"

	"github.com/spf13/cobra"
)

// economyFlags are the settings of a synthetic economy.
type economyFlags struct {
	out, format, mps                        string
	products, techniques, inputs, resources count
	seed                                    uint64
	force                                   bool
}

// generateEconomyCommand writes a synthetic economy.
func generateEconomyCommand(sh *shell) *cobra.Command {
	f := economyFlags{products: 1000, techniques: 3, inputs: 12}
	cmd := &cobra.Command{
		Use:   "economy --out DIR --products N --seed S",
		Short: "write a synthetic economy of any size: an input–output table and a plan problem",
		Long: `economy writes a random productive economy: DIR/io holds the coefficients of the first technique of each product as
triplets, with labour and demand; DIR/plan is a plan problem with all techniques, capacities and resources. Most inputs come
from near a product, some from its block, some from hubs. The same settings and seed give the same bytes, at any number of
threads.

Units: labour in minutes per unit of output, quantities in units of the product.`,
		Example: "  planwerk generate economy --out economy --products 100k --techniques 3 --inputs 12 --seed 7\n" +
			"  planwerk leontief --flows economy/io/coefficients.csv --coefficients --vectors economy/io/vectors.csv --labour-column labour --labour-per-unit --demand-column demand",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return sh.generateEconomy(cmd.Context(), &f)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&f.out, "out", "", "directory to write (required)")
	fs.Var(&f.products, "products", "number of products")
	fs.Var(&f.techniques, "techniques", "techniques per product")
	fs.Var(&f.inputs, "inputs", "inputs per technique")
	fs.Var(&f.resources, "resources", "resources that techniques share (default 20, and one more per 1000 products up to 50)")
	fs.Uint64Var(&f.seed, "seed", 1, "seed")
	fs.StringVar(&f.format, "format", "csv", "files of the plan problem: "+strings.Join(exportFormats, "|"))
	fs.StringVar(&f.mps, "mps", "", "also write the plan problem as a linear program in MPS format, gzip when the name ends in .gz")
	fs.BoolVar(&f.force, "force", false, "replace what is there")
	return cmd
}

// generateEconomy writes an economy.
func (sh *shell) generateEconomy(ctx context.Context, f *economyFlags) error {
	if f.out == "" {
		return usagef("--out is missing: name a directory for the economy")
	}
	if !slices.Contains(exportFormats, f.format) {
		return usagef("--format %s: give one of %s", f.format, strings.Join(exportFormats, ", "))
	}
	config := synth.EconomyConfig{
		Products: int(f.products), Techniques: int(f.techniques), Inputs: int(f.inputs), Resources: int(f.resources), Seed: f.seed,
		Format: f.format, MPS: f.mps, Threads: sh.threads, Force: f.force,
		Progress: func(table string, done, total int64) { sh.meter.report("writing "+table, "rows", done, total) },
	}
	rows, err := synth.EconomyRows(config)
	if err != nil {
		return usagef("%w", err)
	}
	if err := sh.disk.writing(func() error { return synth.GenerateEconomy(ctx, f.out, config) }); err != nil {
		return err
	}
	sh.meter.close()
	if sh.json {
		return sh.printJSON(map[string]any{"out": f.out, "seed": f.seed, "rows": rows, "mps": f.mps})
	}
	io := filepath.Join(f.out, "io")
	_, err = fmt.Fprintf(sh.out, "Economy: %s products, %s techniques, %s flows in %s\nNext:    planwerk leontief --flows %s --coefficients --vectors %s --labour-column labour --labour-per-unit --demand-column demand\n         planwerk plan --problem %s --objective labour --out plan\n",
		humanCount(rows["products"]), humanCount(rows["techniques"]), humanCount(rows["flows"]), f.out,
		filepath.Join(io, "coefficients.csv"), filepath.Join(io, "vectors.csv"), filepath.Join(f.out, "plan"))
	return err
}
