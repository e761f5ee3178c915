package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// print writes the account for people: what was read, the tax rates, what breaks the rules, where the files are.
func (a *account) print(w io.Writer) {
	fmt.Fprintf(w, "Period ]%s, %s]: %s rows read, %s\n\n", a.After, a.Until, humanCount(a.InputRows), humanBytes(a.InputBytes))
	a.printRates(w)
	fmt.Fprintf(w, "\n%s wallets, %s coupons of this period.\n", humanCount(a.Totals.Wallets), humanCount(a.Totals.Coupons))
	a.printViolations(w)
	a.Columns.print(w)
}

// printWhere says where the result lies and how to check it again.
func (a *account) printWhere(w io.Writer) {
	fmt.Fprintf(w, "\nResult: %d tables in %s\nRoot:   %s\nCheck:  planwerk verify %s\n", len(a.Tables), a.Out, a.ResultRoot, a.Out)
}

// shortFraction is the most digits of a rate printed as a fraction; the table revisions holds each exactly.
const shortFraction = 8

// mostPrinted bounds the rows of a table printed for people.
const mostPrinted = 20

func (a *account) printRates(w io.Writer) {
	fmt.Fprintln(w, "Tax rate (c + w) / a of each economic subsystem, in minutes of labour:")
	t := &grid{head: []string{"subsystem", "labour a", "common c", "written off w", "debt in", "debt out", "tax rate"}}
	for _, s := range a.Subsystems[:min(len(a.Subsystems), mostPrinted)] {
		rate := "none (no labour)"
		if s.Rate != "" {
			rate = percent(s.Rate.String())
			if s.Numerator != "0" && len(s.Numerator)+len(s.Denom) <= shortFraction {
				rate += " = " + s.Numerator + "/" + s.Denom
			}
		}
		t.rows = append(t.rows, []string{s.Subsystem, s.A, s.C, s.W, s.DebtIn, s.DebtOut, rate})
	}
	t.dropColumnOf("debt in", "0")
	t.dropColumnOf("debt out", "0")
	t.print(w)
	if more := a.Totals.Subsystems - mostPrinted; more > 0 {
		fmt.Fprintf(w, "  … and %s more in the table revisions\n", humanCount(more))
	}
}

func (a *account) printViolations(w io.Writer) {
	if a.Totals.Violations == 0 {
		fmt.Fprintln(w, "No violations.")
		return
	}
	fmt.Fprintf(w, "%s violations (table violations has each row):\n", humanCount(a.Totals.Violations))
	t := &grid{}
	for _, rule := range sortedKeys(a.Violations) {
		t.rows = append(t.rows, []string{rule, humanCount(a.Violations[rule])})
	}
	t.print(w)
}

// percent prints a rate as a percentage with four places.
func percent(rate string) string {
	f, err := strconv.ParseFloat(rate, 64)
	if err != nil {
		return rate
	}
	return strconv.FormatFloat(100*f, 'f', 4, 64) + " %"
}

// grid is a small table for people; columns whose cells are all numbers stand to the right.
type grid struct {
	indent string
	head   []string
	rows   [][]string
}

// dropColumnOf leaves out a column that says the same everywhere.
func (g *grid) dropColumnOf(head, value string) {
	for c, h := range g.head {
		if h != head {
			continue
		}
		for _, r := range g.rows {
			if r[c] != value {
				return
			}
		}
		g.head = append(g.head[:c:c], g.head[c+1:]...)
		for i, r := range g.rows {
			g.rows[i] = append(r[:c:c], r[c+1:]...)
		}
		return
	}
}

// print writes the grid, indented.
func (g *grid) print(w io.Writer) {
	var lines [][]string
	if len(g.head) > 0 {
		lines = append(lines, g.head)
	}
	for _, r := range g.rows {
		line := make([]string, len(r))
		for c, cell := range r {
			line[c] = escape(cell, "") // a line end in an id would tear the grid apart
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return
	}
	width := make([]int, len(lines[0]))
	right := make([]bool, len(width))
	for c := range width {
		right[c] = len(g.rows) > 0
		for i, l := range lines {
			width[c] = max(width[c], utf8.RuneCountInString(l[c]))
			if (i > 0 || len(g.head) == 0) && !numeric(l[c]) {
				right[c] = false
			}
		}
	}
	for _, l := range lines {
		b := strings.Builder{}
		b.WriteString(g.indent)
		for c, cell := range l {
			pad := strings.Repeat(" ", width[c]-utf8.RuneCountInString(cell))
			if right[c] {
				cell = pad + cell
			} else {
				cell += pad
			}
			b.WriteString("  " + cell)
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// numeric reports whether a cell is a number, a percentage or empty.
func numeric(cell string) bool {
	return strings.Trim(strings.TrimSuffix(cell, " %"), "0123456789.- ") == ""
}

// printTable writes the first rows of a table for people.
func printTable(w io.Writer, t *textTable, columns ...string) {
	g := &grid{head: append([]string{}, columns...)}
	for i := range t.rows {
		row := make([]string, len(columns))
		for c, name := range columns {
			row[c] = t.cell(i, name)
		}
		g.rows = append(g.rows, row)
	}
	g.print(w)
	if more := t.total - int64(len(t.rows)); more > 0 {
		fmt.Fprintf(w, "  … and %s more in the table %s\n", humanCount(more), t.name)
	}
}
