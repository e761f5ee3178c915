package lp

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// WriteMPS writes p as free MPS. Numbers are written so that they read back to the same bits, except the upper bound of
// a row with two different finite bounds, which MPS states as a width. Names that free MPS cannot carry (empty, with
// white space, doubled) are replaced, all of their kind, by R1, R2, … and C1, C2, ….
func WriteMPS(w io.Writer, p *Problem) error {
	if err := p.Validate(); err != nil {
		return err
	}
	for i := range p.RowLower {
		if p.RowLower[i] > p.RowUpper[i] {
			return fmt.Errorf("lp: MPS cannot state that %s is to lie between %v and %v", p.RowName(i), p.RowLower[i], p.RowUpper[i])
		}
	}
	out := bufio.NewWriterSize(w, 1<<16)
	rows, cols := writableNames(p.RowNames, p.Rows(), "R"), writableNames(p.ColNames, p.Cols(), "C")
	objective := "COST"
	for taken(rows, objective) {
		objective += "_"
	}
	fmt.Fprintf(out, "NAME %s\n", strings.Join(strings.Fields(p.Name), "_"))
	sign := 1.0
	if p.Maximise {
		sign = -1
		fmt.Fprint(out, "OBJSENSE\n MAX\n")
	}
	fmt.Fprintf(out, "ROWS\n N %s\n", objective)
	for i, name := range rows {
		fmt.Fprintf(out, " %c %s\n", rowKind(openBound(p.RowLower[i]), openBound(p.RowUpper[i])), name)
	}
	writeColumns(out, p, objective, sign, rows, cols)
	writeRowSides(out, p, objective, sign, rows)
	fmt.Fprint(out, "BOUNDS\n")
	for j, name := range cols {
		writeBounds(out, name, openBound(p.ColLower[j]), openBound(p.ColUpper[j]))
	}
	fmt.Fprint(out, "ENDATA\n")
	return out.Flush()
}

func taken(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// writableNames gives n names that free MPS can carry: the given ones if all of them are.
func writableNames(names []string, n int, prefix string) []string {
	seen := make(map[string]bool, len(names))
	usable := names != nil
	for _, name := range names {
		if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == 0x7f || r == 0x85 || r == 0xa0 }) ||
			len(strings.Fields(name)) != 1 || strings.Trim(name, "'") == "MARKER" || seen[name] {
			usable = false
		}
		seen[name] = true
	}
	if usable {
		return names
	}
	out := make([]string, n)
	for i := range out {
		out[i] = prefix + strconv.Itoa(i+1)
	}
	return out
}

func rowKind(lo, hi float64) byte {
	switch {
	case lo == hi:
		return 'E'
	case math.IsInf(lo, -1) && !math.IsInf(hi, 1):
		return 'L'
	}
	return 'G' // also a row without bounds, whose right-hand side is −1e30
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func writeColumns(out *bufio.Writer, p *Problem, objective string, sign float64, rows, cols []string) {
	fmt.Fprint(out, "COLUMNS\n")
	at := p.A.Transpose()
	for j, name := range cols {
		is, vs := at.Row(j)
		if p.C[j] != 0 || len(is) == 0 {
			fmt.Fprintf(out, " %s %s %s\n", name, objective, decimal(sign*p.C[j]))
		}
		for k, i := range is {
			fmt.Fprintf(out, " %s %s %s\n", name, rows[i], decimal(vs[k]))
		}
	}
}

func writeRowSides(out *bufio.Writer, p *Problem, objective string, sign float64, rows []string) {
	fmt.Fprint(out, "RHS\n")
	if p.C0 != 0 {
		fmt.Fprintf(out, " RHS %s %s\n", objective, decimal(-sign*p.C0))
	}
	for i, name := range rows {
		lo, hi := openBound(p.RowLower[i]), openBound(p.RowUpper[i])
		side := lo
		switch {
		case rowKind(lo, hi) == 'L':
			side = hi
		case math.IsInf(lo, -1):
			side = -1e30
		}
		if side != 0 {
			fmt.Fprintf(out, " RHS %s %s\n", name, decimal(side))
		}
	}
	fmt.Fprint(out, "RANGES\n")
	for i, name := range rows {
		lo, hi := openBound(p.RowLower[i]), openBound(p.RowUpper[i])
		if lo != hi && !math.IsInf(lo, -1) && !math.IsInf(hi, 1) {
			fmt.Fprintf(out, " RNG %s %s\n", name, decimal(hi-lo))
		}
	}
}

func writeBounds(out *bufio.Writer, name string, lo, hi float64) {
	switch {
	case lo == hi:
		fmt.Fprintf(out, " FX B %s %s\n", name, decimal(lo))
		return
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
		fmt.Fprintf(out, " FR B %s\n", name)
		return
	case math.IsInf(lo, -1):
		fmt.Fprintf(out, " MI B %s\n", name)
	case lo != 0 || hi < 0:
		fmt.Fprintf(out, " LO B %s %s\n", name, decimal(lo))
	}
	if !math.IsInf(hi, 1) {
		fmt.Fprintf(out, " UP B %s %s\n", name, decimal(hi))
	}
}
