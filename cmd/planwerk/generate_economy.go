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
	shape                                   synth.EconomyShape
}

// generateEconomyCommand writes a synthetic economy.
func generateEconomyCommand(sh *shell) *cobra.Command {
	f := economyFlags{products: 1000, techniques: 3, inputs: 12, shape: synth.UsualShape()}
	cmd := &cobra.Command{
		Use:   "economy --out DIR --products N --seed S",
		Short: "write a synthetic economy of any size: an input–output table and a plan problem",
		Long: `economy writes a random productive economy: DIR/io holds the coefficients of the first technique of each product as
triplets, with labour and demand; DIR/plan is a plan problem with all techniques, capacities and resources. Most inputs come
from near a product, some from its block, some from hubs. The same settings and seed give the same bytes, at any number of
threads.

Other shapes: --hubs 0 is an economy of neighbours, --hubs 0.9 one in which everything goes through a few products; with --joint
some techniques make a second product; --limited and --available say how scarce capacities and resources are. --regions makes
the products goods in so many regions, with transport for half of them; --periods adds storage for half of them, and writes the
linear program over so many periods. Plan such problems with --regions and --periods, too.

Units: labour in minutes per unit of output, quantities in units of the product; shares from 0 to 1.`,
		Example: "  planwerk generate economy --out economy --products 100k --techniques 3 --inputs 12 --seed 7\n" +
			"  planwerk generate economy --out trade --products 4000 --regions 4 --joint 0.05 --hubs 0.6\n" +
			"  planwerk leontief --flows economy/io/coefficients.csv --coefficients --vectors economy/io/vectors.csv --labour-column labour --labour-per-unit --demand-column demand",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.settle(cmd); err != nil {
				return err
			}
			return sh.generateEconomy(cmd.Context(), &f)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&f.out, "out", "", "directory to write (required)")
	fs.Var(&f.products, "products", "number of products")
	fs.Var(&f.techniques, "techniques", "techniques per product")
	fs.Var(&f.inputs, "inputs", "inputs per technique")
	fs.Var(&f.resources, "resources", "resources that techniques share (default 20, and one more per 1000 products up to 50)")
	fs.Float64Var(&f.shape.Hubs, "hubs", f.shape.Hubs, "share of inputs that come from hubs, products that everybody uses")
	fs.Float64Var(&f.shape.Joint, "joint", f.shape.Joint, "share of techniques that also make a second product")
	fs.Float64Var(&f.shape.Limited, "limited", f.shape.Limited, "share of techniques with a maximum")
	fs.Float64Var(&f.shape.Available, "available", f.shape.Available, "of each resource, of what equal shares of all techniques would use; with one technique a product, which leaves no choice, 1.05 unless given")
	fs.Float64Var(&f.shape.Demanded, "demanded", f.shape.Demanded, "share of products with a target")
	fs.IntVar(&f.shape.Regions, "regions", f.shape.Regions, "the products are goods in so many regions, half of which may be carried to the next")
	fs.IntVar(&f.shape.Periods, "periods", f.shape.Periods, "periods of the linear program; with more than one, half of the products may be stored")
	fs.Uint64Var(&f.seed, "seed", 1, "seed")
	fs.StringVar(&f.format, "format", "csv", "files of the plan problem: "+strings.Join(exportFormats, "|"))
	fs.StringVar(&f.mps, "mps", "", "also write the plan problem as a linear program in MPS format, gzip when the name ends in .gz")
	fs.BoolVar(&f.force, "force", false, "replace what is there")
	return cmd
}

// settle tells a number that was given from a default: none of something is a wish, too.
func (f *economyFlags) settle(cmd *cobra.Command) error {
	for name, v := range map[string]count{"products": f.products, "techniques": f.techniques, "inputs": f.inputs} {
		if v == 0 {
			return usagef("--%s 0: give a number above 0", name)
		}
	}
	if changed := cmd.Flags().Changed; f.resources == 0 && changed("resources") {
		f.resources = -1
	}
	if !cmd.Flags().Changed("inputs") {
		f.inputs = 0 // as many as there may be in a small economy
	}
	if f.techniques == 1 && !cmd.Flags().Changed("available") {
		f.shape.Available = 1.05 // less could not be done
	}
	if f.mps != "" && !inside(f.mps, f.out) {
		if err := canHold("--mps", f.mps); err != nil {
			return err
		}
	}
	return nil
}

// fits refuses an economy that memory does not hold.
func (sh *shell) fits(config synth.EconomyConfig) error {
	bytes, err := config.Bytes()
	if err != nil {
		return usagef("%w", err)
	}
	limit := int64(sh.memory)
	if limit == 0 {
		limit = memoryToGive()
	}
	if limit > 0 && bytes > float64(limit) {
		return inputf("the economy takes at least %s of memory, and %s may be used; give fewer --products, --techniques or --inputs, or more --memory", wholeBytes(bytes), humanBytes(limit))
	}
	return nil
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
		Products: int(f.products), Techniques: int(f.techniques), Inputs: int(f.inputs), Resources: int(f.resources), Seed: f.seed, Shape: &f.shape,
		Format: f.format, MPS: f.mps, Threads: sh.threads, Force: f.force,
		Progress: func(table string, done, total int64) { sh.meter.report("writing "+table, "rows", done, total) },
	}
	if err := sh.fits(config); err != nil {
		return err
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
	_, err = fmt.Fprintf(sh.out, "Economy: %s products, %s techniques, %s flows in %s\nNext:    planwerk leontief --flows %s --coefficients --vectors %s --labour-column labour --labour-per-unit --demand-column demand\n         planwerk plan --problem %s --objective labour%s --out plan\n",
		humanCount(rows["products"]), humanCount(rows["techniques"]), humanCount(rows["flows"]), f.out,
		filepath.Join(io, "coefficients.csv"), filepath.Join(io, "vectors.csv"), filepath.Join(f.out, "plan"), f.planning())
	return err
}

// planning are the flags with which the problem is planned as the linear program says.
func (f *economyFlags) planning() (flags string) {
	if f.shape.Regions > 1 {
		flags += " --regions"
	}
	if f.shape.Periods > 1 {
		flags += fmt.Sprintf(" --periods %d", f.shape.Periods)
	}
	return flags
}
