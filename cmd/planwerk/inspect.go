package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"planwerk/arrow"

	"github.com/spf13/cobra"
)

// inspectCommand reads any file whole and says what is in it.
func inspectCommand(sh *shell) *cobra.Command {
	var as string
	cmd := &cobra.Command{
		Use:   "inspect FILE|DIR…",
		Short: "read all of any Parquet, Arrow, CSV or JSON file: schema, rows, nulls, least and greatest, digest",
		Long: `inspect reads every cell of the files, and of the files in the directories, and prints for each its columns with their
types, how many cells are null, the least and the greatest one, and two digests: SHA-256 of the file, and a digest of the
cells that does not depend on compression or row grouping. The format is told by content; --as overrides it. A damaged file
ends with exit 3; the others are still read.

Units: sizes in bytes; cells as they are stored, in the files' own units.`,
		Example: "  planwerk inspect export/workloads.parquet\n  planwerk inspect export --json\n  planwerk inspect --as csv table.txt",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("give a file or a directory; see %q", cmd.CommandPath()+" --help")
			}
			_, err := arrow.ParseFileKind(as)
			return err
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return sh.inspect(cmd.Context(), args, as)
		},
	}
	cmd.Flags().StringVar(&as, "as", "", "format to read the files as: parquet|arrow|csv|jsonl (default: by content)")
	return cmd
}

// inspected is an inspection under --json.
type inspected struct {
	Path    string            `json:"path"`
	Kind    string            `json:"kind"`
	Bytes   int64             `json:"bytes"`
	SHA256  string            `json:"sha256,omitempty"`
	Rows    int64             `json:"rows"`
	Parts   int               `json:"parts,omitempty"`
	Columns []inspectedColumn `json:"columns,omitempty"`
	Digest  string            `json:"digest,omitempty"`
	Files   []inspected       `json:"files,omitempty"`
	Notices []string          `json:"notices,omitempty"`
}

type inspectedColumn struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Values int64  `json:"values"`
	Nulls  int64  `json:"nulls"`
	Min    string `json:"min,omitempty"`
	Max    string `json:"max,omitempty"`
}

func (sh *shell) inspect(ctx context.Context, paths []string, as string) error {
	damaged := 0
	var last error
	for _, path := range paths {
		x, err := arrow.Inspect(ctx, path, as, arrow.Options{Threads: sh.threads, Budget: arrow.NewBudget(int64(sh.memory)),
			Progress: func(_ string, done, total int64) { sh.meter.report("reading "+path, "rows", done, total) }})
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			if damaged, last = damaged+1, err; len(paths) > 1 {
				sh.log.Error(err.Error())
			}
			continue
		}
		out := inspectedOf(x)
		if !sh.json {
			out.print(sh.out, "")
		} else if err := sh.printJSON(out); err != nil {
			return err
		}
	}
	if damaged > 0 && len(paths) > 1 {
		return inputf("%d of %d could not be read whole", damaged, len(paths))
	}
	return last
}

func inspectedOf(x *arrow.Inspection) inspected {
	out := inspected{Path: x.Path, Kind: x.Kind, Bytes: x.Bytes, SHA256: x.SHA256, Rows: x.Rows, Parts: x.Parts, Digest: x.Digest, Notices: x.Notices}
	for _, c := range x.Columns {
		out.Columns = append(out.Columns, inspectedColumn(c))
	}
	for _, f := range x.Files {
		out.Files = append(out.Files, inspectedOf(f))
	}
	return out
}

func (x *inspected) print(w io.Writer, indent string) {
	fmt.Fprintf(w, "%s%s: %s, %s bytes", indent, x.Path, x.Kind, humanCount(x.Bytes))
	if len(x.Files) > 0 {
		fmt.Fprintf(w, ", %d files", len(x.Files))
	} else {
		fmt.Fprintf(w, ", %s rows", humanCount(x.Rows))
	}
	if x.Parts > 1 {
		fmt.Fprintf(w, " in %d parts", x.Parts)
	}
	fmt.Fprintln(w)
	g := &grid{indent: indent, head: []string{"column", "type", "null", "least", "greatest"}}
	for _, c := range x.Columns {
		g.rows = append(g.rows, []string{c.Name, c.Type, humanCount(c.Nulls), shorten(c.Min), shorten(c.Max)})
	}
	if len(g.rows) > 0 {
		g.print(w)
	}
	for _, line := range [][2]string{{"SHA-256", x.SHA256}, {"digest", x.Digest}, {"notice", strings.Join(x.Notices, "; ")}} {
		if line[1] != "" {
			fmt.Fprintf(w, "%s  %s: %s\n", indent, line[0], line[1])
		}
	}
	for i := range x.Files {
		fmt.Fprintln(w)
		x.Files[i].print(w, indent)
	}
}

// shorten cuts a long text for a table.
func shorten(text string) string {
	const most = 40
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}
