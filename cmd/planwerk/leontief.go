package main

import (
	"fmt"
	"slices"
	"strings"

	"planwerk/datasets"
	"planwerk/engine/leontief"
	"planwerk/ledgeradapter/iotable"

	"github.com/spf13/cobra"
)

// leontiefFlags are the flags of the command leontief.
type leontiefFlags struct {
	source  iotable.Source
	dataset string
	demand  []string
	ledger  ledgerFlags // --ledger, --after, --until, --no-verify, --out, --format, --force

	method, preconditioner string
	tolerance              float64
	products               int
	multipliers            bool
	warm                   string
}

// leontiefCommand computes labour values and gross outputs of a whole economy.
func leontiefCommand(sh *shell) *cobra.Command {
	var f leontiefFlags
	cmd := &cobra.Command{
		Use:   "leontief --flows Z.csv --vectors V.csv --output-column x --labour-column l --demand-column y [--out DIR]",
		Short: "labour values and gross outputs of a whole economy",
		Long: `leontief solves λ = λA + l (labour values) and x = Ax + y (gross outputs) for an input–output table, with a proved error
bound, bounds of the spectral radius from both sides, and a comparison of values with prices.

Tables are CSV, plain or gzip: dense, with codes in the first line and the first column, or triplets row,col,value. Rows supply,
columns use. --flows are divided by --output-column unless they are --coefficients; --use and --make are combined by
industry technology. --dataset takes an embedded table: ` + strings.Join(ioTableNames(), ", ") + `. --ledger takes A and l
per product type from the production cycles of a period.

An economy that is not productive, or that cannot be told to be, is an error that names the group of products at fault (exit 4).
Triplets at one place are added up, with a notice. Values and outputs are floating-point numbers: the result's root covers its
tables' products only, the manifest's hashes cover the files, and verify puts the numbers into their equations again.

Methods: sweeps (Gauss–Seidel), bicgstab and gmres (Krylov), refined (sweeps in single precision, refined in double); auto
chooses by the size of the table. Whatever the method, the bound of the error is proved. At --level cuda it is
bicgstab with several sides (--multipliers) that the GPU works on.

Units: flows, outputs and demand in the table's own; labour in what --labour-column counts; values in labour per unit of
output (from a ledger: minutes per unit of the product type). Residuals and errors are the greatest of any product, in the
units of the values or outputs.`,
		Example: "  planwerk leontief --dataset uk2010\n" +
			"  planwerk leontief --flows Z.csv --vectors V.csv --id code --output-column x --labour-column hours --demand-column c,g,i,e --out values\n" +
			"  planwerk leontief --ledger export --after 2026-03-01 --until 2026-04-01 --out values",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			return sh.leontief(cmd.Context(), &f)
		},
	}
	f.add(cmd)
	return cmd
}

func ioTableNames() (names []string) {
	for _, d := range datasets.IOTables() {
		names = append(names, d.Name)
	}
	return names
}

func (f *leontiefFlags) add(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringVar(&f.dataset, "dataset", "", "an embedded table: "+strings.Join(ioTableNames(), "|"))
	fs.StringVar(&f.source.Flows, "flows", "", "table of flows, products × products")
	fs.BoolVar(&f.source.Coefficients, "coefficients", false, "--flows holds coefficients per unit of output already")
	fs.StringVar(&f.source.Use, "use", "", "use table, commodities × industries")
	fs.StringVar(&f.source.Make, "make", "", "make table, industries × commodities")
	fs.StringVar(&f.source.Vectors, "vectors", "", "CSV file with a line per product")
	fs.StringVar(&f.source.ID, "id", "", "its column of codes (default the first)")
	fs.StringVar(&f.source.Output, "output-column", "", "gross output (of commodities, with --use)")
	fs.StringVar(&f.source.IndustryOutput, "industry-output-column", "", "gross output of industries, with --use (default the sums of --make)")
	fs.StringVar(&f.source.Labour, "labour-column", "", "labour of each sector as a whole (of industries, with --use)")
	fs.BoolVar(&f.source.LabourPerUnit, "labour-per-unit", false, "--labour-column is per unit of output already")
	fs.StringSliceVar(&f.demand, "demand-column", nil, "final demand; several are added up")
	fs.StringVar(&f.source.Price, "price-column", "", "price of each sector's output (default its output, as in tables of money)")
	fs.StringVar(&f.ledger.ledger, "ledger", "", "directory of a ledger export, instead of a table")
	fs.Var(&f.ledger.after, "after", "the period begins after this time, with --ledger")
	fs.Var(&f.ledger.until, "until", "and ends with this time, with --ledger")
	fs.BoolVar(&f.ledger.noVerify, "no-verify", false, "do not hash the files that the export's manifest lists")
	fs.BoolVar(&f.multipliers, "multipliers", false, "also the output that a unit of each product needs in all, directly and indirectly")
	fs.StringVar(&f.method, "method", "auto", "auto|sweeps|bicgstab|gmres|refined")
	fs.StringVar(&f.preconditioner, "preconditioner", "auto", "auto|none|diagonal|ilu0")
	fs.Float64Var(&f.tolerance, "tolerance", 1e-13, "relative residual to stop at")
	fs.IntVar(&f.products, "products", 20000, "most products with the matrix")
	fs.StringVar(&f.warm, "warm", "", "directory of an earlier result of this command: start from its values and outputs")
	f.ledger.addOutput(cmd)
}

// check finds what is wrong with the flags before anything is read, and fills in a data set.
func (f *leontiefFlags) check() error {
	f.source.Demand = f.demand
	ways := 0
	for _, given := range []bool{f.dataset != "", f.source.Flows != "" || f.source.Use != "", f.ledger.ledger != ""} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		return usagef("give one of --flows (or --use and --make), --dataset and --ledger")
	}
	if !(f.tolerance > 0 && f.tolerance < 1) {
		return usagef("--tolerance %v: give a number between 0 and 1, such as 1e-12", f.tolerance)
	}
	if f.products < 1 {
		return usagef("--products %d: give a number above 0", f.products)
	}
	if !slices.Contains([]string{"auto", "sweeps", "bicgstab", "gmres", "refined"}, f.method) {
		return usagef("--method %s: give auto, sweeps, bicgstab, gmres or refined", f.method)
	}
	if !slices.Contains([]string{"auto", "none", "diagonal", "ilu0"}, f.preconditioner) {
		return usagef("--preconditioner %s: give auto, none, diagonal or ilu0", f.preconditioner)
	}
	if err := f.strayTable(); err != nil {
		return err
	}
	if f.ledger.ledger != "" {
		f.ledger.rounding = "cascade"
		return f.ledger.check(false)
	}
	if f.ledger.after.set || f.ledger.until.set {
		return usagef("--after and --until go with --ledger")
	}
	if f.dataset != "" {
		if err := f.fromDataset(); err != nil {
			return err
		}
	}
	if err := f.source.Check(); err != nil {
		return usagef("%w", err)
	}
	return f.ledger.checkOut()
}

// strayTable refuses flags of a table that nothing would look at: data sets and ledgers bring all that there is.
func (f *leontiefFlags) strayTable() error {
	if f.source.Flows != "" || f.source.Use != "" {
		return nil
	}
	s, own := &f.source, "--dataset brings its own tables"
	type flag struct {
		name  string
		given bool
	}
	flags := []flag{{"vectors", s.Vectors != ""}, {"make", s.Make != ""}, {"coefficients", s.Coefficients}}
	if f.ledger.ledger != "" {
		own = "--ledger takes everything from the ledger"
		flags = append(flags, flag{"id", s.ID != ""}, flag{"output-column", s.Output != ""}, flag{"industry-output-column", s.IndustryOutput != ""},
			flag{"labour-column", s.Labour != ""}, flag{"labour-per-unit", s.LabourPerUnit}, flag{"demand-column", len(s.Demand) > 0}, flag{"price-column", s.Price != ""})
	}
	for _, flag := range flags {
		if flag.given {
			return usagef("%s: leave --%s out", own, flag.name)
		}
	}
	return nil
}

// fromDataset takes a data set's description for what the command line does not say.
func (f *leontiefFlags) fromDataset() error {
	i := slices.IndexFunc(datasets.IOTables(), func(d datasets.IOTable) bool { return d.Name == f.dataset })
	if i < 0 {
		return usagef("--dataset %s: there are %s", f.dataset, strings.Join(ioTableNames(), ", "))
	}
	d := datasets.IOTables()[i]
	s := &f.source
	s.FS, s.Flows, s.Use, s.Make, s.Vectors = datasets.IOFiles(), d.Flows, d.Use, d.Make, d.Vectors
	for _, column := range []struct {
		to   *string
		from string
	}{{&s.ID, d.ID}, {&s.Output, d.Output}, {&s.IndustryOutput, d.Industry}, {&s.Labour, d.Labour}} {
		if *column.to == "" {
			*column.to = column.from
		}
	}
	if len(s.Demand) == 0 {
		s.Demand = d.Demand
	}
	return nil
}

func (f *leontiefFlags) request(sh *shell) leontief.Request {
	return leontief.Request{
		Settings: leontief.Settings{Method: leontief.Method(f.method), Preconditioner: leontief.Preconditioner(f.preconditioner),
			Tolerance: f.tolerance, Products: f.products, Threads: sh.threads, Device: sh.machine()},
		Multipliers: f.multipliers,
	}
}

// title says what is computed, for people.
func (f *leontiefFlags) title() string {
	switch {
	case f.dataset != "":
		for _, d := range datasets.IOTables() {
			if d.Name == f.dataset {
				return d.Title
			}
		}
	case f.ledger.ledger != "":
		return fmt.Sprintf("production cycles of ]%s, %s] in %s", f.ledger.after.text, f.ledger.until.text, f.ledger.ledger)
	case f.source.Use != "":
		return f.source.Use + " and " + f.source.Make
	}
	return f.source.Flows
}
