package main

import (
	"fmt"
	"strings"

	"planwerk/arrow"

	"github.com/spf13/cobra"
)

// diffCommand compares two results.
func diffCommand(sh *shell) *cobra.Command {
	return &cobra.Command{
		Use:   "diff A B",
		Short: "first diverging table, row and column of two results",
		Long: `diff compares two result directories: their parameters, and their tables row by row, whatever formats the files have. It
prints all parameters that differ and the first table, row and column that does, and then exits with 1; equal results end
with 0.

Units: as in the results, values and labour time in minutes, amounts in units of the product type; rows count from 0.`,
		Example: "  planwerk diff january january-again",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usagef("give two result directories; see %q", cmd.CommandPath()+" --help")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, dir := range args {
				if err := isResult(dir); err != nil {
					return err
				}
			}
			d, err := arrow.Diff(cmd.Context(), args[0], args[1])
			if err != nil {
				return err
			}
			if err := sh.printDifference(d); err != nil || d == nil {
				return err
			}
			return violationsf("%s and %s differ", args[0], args[1])
		},
	}
}

func (sh *shell) printDifference(d *arrow.Difference) error {
	if sh.json {
		return sh.printJSON(map[string]any{"equal": d == nil, "difference": d})
	}
	text := "The results are equal."
	if d != nil {
		text = strings.TrimSuffix(d.String(), "\n")
	}
	_, err := fmt.Fprintln(sh.out, text)
	return err
}
