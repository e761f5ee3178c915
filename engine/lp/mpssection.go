package lp

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// perRow reads a line of RHS or RANGES: a set name, which may be missing, and one or two pairs of row and value.
func (m *mpsReader) perRow(f []string, set func(row string, v float64) error) error {
	if len(f)%2 == 1 {
		if err := m.oneSet(f[0]); err != nil {
			return err
		}
		f = f[1:]
	}
	if len(f) != 2 && len(f) != 4 {
		return fmt.Errorf("%s needs one or two pairs of row and value, not %q", m.section, f)
	}
	for k := 0; k < len(f); k += 2 {
		v, err := number(f[k+1])
		if err != nil || math.IsNaN(v) {
			return fmt.Errorf("%s of row %s: %q is not a number", m.section, f[k], f[k+1])
		}
		if err := set(f[k], v); err != nil {
			return err
		}
	}
	return nil
}

// oneSet refuses a second set of right-hand sides, ranges or bounds: which of them counts, readers do not agree on.
func (m *mpsReader) oneSet(name string) error {
	first, known := m.sets[m.section]
	if known && name != "" && first != "" && first != name {
		return fmt.Errorf("%s has a second set, %s beside %s; keep the lines of one", m.section, printable(name), printable(first))
	}
	if name != "" {
		m.sets[m.section] = name
	}
	return nil
}

func (m *mpsReader) setRHS(row string, v float64) error {
	i, ok := m.rows[row]
	switch {
	case !ok:
		return fmt.Errorf("the right-hand side names the row %s, which is not declared", row)
	case i == objectiveRow && m.hasConstant:
		return fmt.Errorf("the objective %s has two right-hand sides; keep those of one set", row)
	case i == objectiveRow && !finite(v):
		return fmt.Errorf("the right-hand side of the objective %s is %v", row, v)
	case i == objectiveRow:
		m.constant, m.hasConstant = -v, true
	case i == droppedRow:
	case m.kind[i] != 'L' && v >= Infinite, m.kind[i] != 'G' && v <= -Infinite:
		return fmt.Errorf("the right-hand side of row %s is %v, which nothing can reach (from 1e20 on a number stands for infinity)", row, v)
	case m.hasRHS[i]:
		return fmt.Errorf("row %s has two right-hand sides; keep those of one set", row)
	default:
		m.rhs[i], m.hasRHS[i] = v, true
	}
	return nil
}

func (m *mpsReader) setRange(row string, v float64) error {
	i, ok := m.rows[row]
	switch {
	case !ok:
		return fmt.Errorf("a range names the row %s, which is not declared", row)
	case i >= 0 && m.hasRange[i]:
		return fmt.Errorf("row %s has two ranges; keep those of one set", row)
	case i >= 0:
		m.ranges[i], m.hasRange[i] = v, true
	}
	return nil
}

// boundTakesValue says for each bound type whether a number belongs to it.
var boundTakesValue = map[string]bool{"UP": true, "LO": true, "FX": true, "UI": true, "LI": true,
	"FR": false, "MI": false, "PL": false, "BV": false}

// bound reads a line of BOUNDS: type, a set name that may be missing, column, value where the type takes one.
func (m *mpsReader) bound(f []string) error {
	kind := strings.ToUpper(f[0])
	takes, known := boundTakesValue[kind]
	if !known {
		return fmt.Errorf("bound type %q is none of UP, LO, FX, FR, MI, PL, BV, UI, LI", f[0])
	}
	f = f[1:]
	var j int32
	v, at := 0.0, 0
	switch {
	case takes && (len(f) == 2 || len(f) == 3):
		at = len(f) - 2
		var err error
		if v, err = number(f[at+1]); err != nil || math.IsNaN(v) {
			return fmt.Errorf("bound of column %s: %q is not a number", f[at], f[at+1])
		}
	case !takes && len(f) >= 1 && len(f) <= 3:
		// "MI set column", "MI column", and with a value that says nothing.
		if at = min(1, len(f)-1); len(f) == 2 {
			if _, isColumn := m.cols[f[1]]; !isColumn {
				at = 0
			}
		}
	default:
		return fmt.Errorf("a bound needs type, set, column and value, not %s %q", kind, f)
	}
	j, ok := m.cols[f[at]]
	if !ok {
		return fmt.Errorf("a bound names the column %s, which is not declared", f[at])
	}
	if at == 1 {
		if err := m.oneSet(f[0]); err != nil {
			return err
		}
	}
	return m.setBound(kind, j, openBound(v))
}

// twice refuses a finite bound of a column that has another one already.
func (m *mpsReader) twice(j int32, upper bool, v float64) error {
	key, side := boundKey{j, upper}, "lower"
	if upper {
		side = "upper"
	}
	if was, given := m.given[key]; given && was != v {
		return fmt.Errorf("column %s has two %s bounds, %v and %v; keep one", m.colNames[j], side, was, v)
	}
	m.given[key] = v
	return nil
}

func (m *mpsReader) setBound(kind string, j int32, v float64) error {
	name := m.colNames[j]
	switch kind {
	case "UP", "UI":
		if math.IsInf(v, -1) {
			return fmt.Errorf("the upper bound of column %s is %v", name, v)
		}
		m.upper[j] = v
		if v < 0 && !m.lowerGiven[j] {
			m.lower[j] = math.Inf(-1)
		}
		return m.twice(j, true, v)
	case "LO", "LI":
		if math.IsInf(v, 1) {
			return fmt.Errorf("the lower bound of column %s is %v", name, v)
		}
		m.lower[j], m.lowerGiven[j] = v, true
		return m.twice(j, false, v)
	case "FX", "BV":
		from := v
		if kind == "BV" {
			from, v = 0, 1
		}
		if math.IsInf(v, 0) {
			return fmt.Errorf("column %s is fixed at %v", name, v)
		}
		m.lower[j], m.upper[j], m.lowerGiven[j] = from, v, true
		if err := m.twice(j, false, from); err != nil {
			return err
		}
		return m.twice(j, true, v)
	case "FR":
		m.lower[j], m.upper[j], m.lowerGiven[j] = math.Inf(-1), math.Inf(1), true
	case "MI":
		m.lower[j], m.lowerGiven[j] = math.Inf(-1), true
	case "PL":
		m.upper[j] = math.Inf(1)
	}
	return nil
}

// freeFields splits a line at white space.
func freeFields(line, _ string, out []string) []string {
	for {
		line = strings.TrimLeft(line, " \t")
		if line == "" || len(out) == cap(out) {
			return out
		}
		end := strings.IndexAny(line, " \t")
		if end < 0 {
			return append(out, line)
		}
		out, line = append(out, line[:end]), line[end:]
	}
}

// fixedFields cuts a line at the columns of fixed MPS: 2–3, 5–12, 15–22, 25–36, 40–47, 50–61; names may hold spaces.
func fixedFields(line, section string, out []string) []string {
	if section == "OBJSENSE" || section == "OBJNAME" {
		return freeFields(line, section, out)
	}
	cut := func(from, to int) string {
		if from >= len(line) {
			return ""
		}
		return strings.TrimSpace(line[from:min(to, len(line))])
	}
	kind, name := cut(1, 4), cut(4, 12)
	if section == "ROWS" {
		return append(out, kind, name)
	}
	if section == "BOUNDS" {
		out = append(out, kind, name, cut(14, 22))
		if v := cut(24, 36); v != "" {
			out = append(out, v)
		}
		return out
	}
	out = append(out, name, cut(14, 22), cut(24, 36))
	if second := cut(39, 47); second != "" {
		out = append(out, second, cut(49, 61))
	}
	return out
}

// short bounds a message, whatever a damaged file makes it quote.
func short(text string) string {
	const most = 400
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// printable is a word of a file as it can be shown: quoted where it holds what is no text.
func printable(word string) string {
	if quoted := strconv.Quote(word); quoted != `"`+word+`"` {
		return quoted
	}
	return word
}
