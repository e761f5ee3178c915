package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// flagsTopic explains the flags of all commands, which the help of each names in one line.
func flagsTopic(sh *shell) *cobra.Command {
	return &cobra.Command{
		Use:   "flags",
		Short: "the flags of all commands: --json, --quiet, --threads, --memory, --spill, --level",
		Long: fmt.Sprintf(`Flags that every command has:

  --json         the outcome as JSON on stdout, one object on one line; log lines on stderr as JSON, too
  --quiet        no progress and no notices, only errors and the outcome
  --threads N    threads to compute with; results do not depend on it (default: all cores)
  --memory SIZE  memory to stay within, such as 12GiB. Columns of a ledger that do not fit go to files. Work that stays above
                 the limit for a second ends with exit code 3; a tenth of the limit and %s, which the program itself takes, are
                 let pass. Without it a batch takes what the system has free, and nothing is ended.
  --spill DIR    folder for those files (default beside the result); they vanish with the process
  --level NAME   kernels to use, one of %s; results do not depend on it. auto is the best the
                 processor has, or what PLANWERK_LEVEL lowers it to, and gives large linear programs to a GPU; cuda gives it all
                 that it can do. The summary says what was used.

Times are RFC 3339 (2026-01-31T00:00:00Z), a date (midnight UTC) or microseconds since 1970; sizes are bytes, or have a unit.

Units: sizes in bytes, with B, KB, MB, GB, TB or KiB, MiB, GiB, TiB; threads as a number.`, humanBytes(memorySlack), strings.Join(levelNames(), ", ")),
		Example: "  planwerk batch --ledger export --after 2026-01-01 --until 2026-02-01 --out january --memory 4GiB --threads 8",
	}
}

// shortenHelp puts one line in the place of the flags of all commands, and lists a command's own flags as they were declared,
// the most needed first.
func shortenHelp(root *cobra.Command) {
	const inherited = "Global Flags:\n{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}"
	template := root.UsageTemplate()
	if !strings.Contains(template, inherited) {
		panic("the template of help has changed")
	}
	root.SetUsageTemplate(strings.Replace(template, inherited,
		`All commands: --json, --quiet, --threads, --memory, --spill, --level; see "planwerk help flags".`, 1))
	var unsorted func(*cobra.Command)
	unsorted = func(c *cobra.Command) {
		c.Flags().SortFlags = false
		for _, sub := range c.Commands() {
			unsorted(sub)
		}
	}
	unsorted(root)
}
