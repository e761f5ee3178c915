package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// subcommands in the order in which help lists them, within their groups. A new one is a function of this shape in a file
// of its own, a line here, and its name in a group.
var subcommands = append([]func(*shell) *cobra.Command{
	batchCommand,
	demoCommand,
	generateCommand,
	planCommand,
	replanCommand,
	leontiefCommand,
	solveCommand,
	verifyCommand,
	diffCommand,
	inspectCommand,
	schemaCommand,
	infoCommand,
	benchCommand,
}, partCommands()...)

// groups are the headings of the help, and the commands below each.
var groups = []struct{ title, commands string }{
	{"From a ledger:", "batch demo generate values averages revision coupons wallets parity violations"},
	{"Whole economies and plans:", "leontief plan replan solve"},
	{"Results and files:", "verify diff inspect schema"},
	{"This machine:", "info bench"},
}

const rootHelp = `planwerk reads a ledger export of labour, resources, means of production and trust, and computes from it, exactly:
values, socially necessary averages, the tax rate of each economic subsystem, labour coupons, wallets, and what breaks
the rules. Of a whole economy it computes labour values and gross outputs, and the best plan for given targets.

Units: labour time and values in minutes with six places, amounts in units of the product type with six places,
times as RFC 3339 (2026-01-31T00:00:00Z), as a date (2026-01-31, midnight UTC) or as an integer of microseconds since 1970.

Start with "planwerk demo": it needs nothing else.

Exit codes: 0 done; 1 violations found under --strict; 2 bad usage; 3 bad input; 4 not solved; 5 internal fault;
130 or 143 stopped by a signal. Errors are one line on stderr.`

// newRoot puts the command line together.
func newRoot(sh *shell) *cobra.Command {
	root := &cobra.Command{
		Use:           "planwerk",
		Short:         "value and plan computation for a labour-time economy",
		Long:          rootHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version(),
		Args:          noSuchCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := sh.begin(); err != nil {
				return err
			}
			sh.guardMemory(cmd)
			return nil
		},
	}
	root.SetOut(sh.out)
	root.SetErr(sh.err)
	root.SetVersionTemplate("planwerk {{.Version}}\n")
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef("%s; see %q", plainFlagError(err), cmd.CommandPath()+" --help")
	})
	sh.addFlags(root)
	for _, make := range subcommands {
		root.AddCommand(make(sh))
	}
	root.AddCommand(flagsTopic(sh))
	root.SetHelpCommandGroupID(groups[len(groups)-1].title)
	for _, g := range groups {
		root.AddGroup(&cobra.Group{ID: g.title, Title: g.title})
		for _, c := range root.Commands() {
			if slices.Contains(strings.Fields(g.commands), c.Name()) {
				c.GroupID = g.title
			}
		}
	}
	shortenHelp(root)
	return root
}

func init() { cobra.EnableCommandSorting = false }

// noSuchCommand refuses words after "planwerk" that are not a command, with the nearest one that is.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return usagef("unknown command %q; did you mean %q?", args[0], near[0])
	}
	return usagef("unknown command %q; \"planwerk --help\" lists them", args[0])
}

// plainFlagError says what to give where the error of a flag says which of Go's functions could not read it.
func plainFlagError(err error) string {
	text := err.Error()
	head, function, found := strings.Cut(text, ": strconv.")
	if !found {
		return text
	}
	for name, give := range map[string]string{"ParseUint": "a whole number from 0 to 2^64-1", "ParseInt": "a whole number", "Atoi": "a whole number",
		"ParseFloat": "a number such as 0.5", "ParseBool": "true or false"} {
		if strings.HasPrefix(function, name) {
			return head + ": give " + give
		}
	}
	return text
}
