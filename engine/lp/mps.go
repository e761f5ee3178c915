package lp

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"planwerk/engine/sparse"
)

// mpsReader gathers what the sections of an MPS file say.
type mpsReader struct {
	name     string
	line     int
	fields   func(line string, section string, out []string) []string
	section  string
	title    string
	rows     map[string]int32 // number of a row, or objective, or dropped
	cols     map[string]int32
	rowNames []string
	colNames []string
	kind     []byte // E, L, G per row
	objName  string // of the N row that is the objective; found at the first N row unless OBJNAME gave it
	maximise bool
	integer  bool // between integer markers
	relaxed  int

	ri, ci      []int32
	val         []float64
	cost        []float64
	hasCost     []bool
	constant    float64
	hasConstant bool
	rhs         []float64
	hasRHS      []bool
	ranges      []float64
	hasRange    []bool
	lower       []float64
	upper       []float64
	lowerGiven  []bool

	given   map[boundKey]float64 // finite bounds, to tell those given twice
	sets    map[string]string    // per section: the name of its set
	notices []string
	opened  int    // columns without a lower bound, for their upper one is negative
	opens   string // the first of them
	hasRows bool
	hasCols bool
}

// boundKey is a side of a column.
type boundKey struct {
	col   int32
	upper bool
}

const (
	objectiveRow = int32(-1)
	droppedRow   = int32(-2)
)

func parseMPS(data []byte, name string, fields func(string, string, []string) []string) (*Problem, error) {
	m := &mpsReader{name: name, fields: fields, rows: map[string]int32{}, cols: map[string]int32{}, given: map[boundKey]float64{}, sets: map[string]string{}}
	var buf [8]string
	ended := false
	for len(data) > 0 && !ended {
		var raw []byte
		if at := bytes.IndexByte(data, '\n'); at >= 0 {
			raw, data = data[:at], data[at+1:]
		} else {
			raw, data = data, nil
		}
		m.line++
		line := strings.TrimRight(string(raw), " \t\r\f")
		if line == "" || line[0] == '*' || strings.TrimSpace(line) == "" {
			continue
		}
		var err error
		if line[0] != ' ' && line[0] != '\t' {
			ended, err = m.header(line)
		} else {
			err = m.data(m.fields(line, m.section, buf[:0]))
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %s", name, m.line, short(err.Error()))
		}
	}
	switch {
	case m.line == 0:
		return nil, fmt.Errorf("%s: the file is empty", name)
	case !ended:
		return nil, fmt.Errorf("%s:%d: the file ends without ENDATA; it may be cut off", name, m.line)
	case !m.hasRows || !m.hasCols:
		return nil, fmt.Errorf("%s: the file has no section ROWS or no section COLUMNS", name)
	case m.objName != "" && m.rows[m.objName] != objectiveRow:
		return nil, fmt.Errorf("%s: OBJNAME names %s, which is no row of type N", name, m.objName)
	}
	if rest := len(bytes.TrimSpace(data)); rest > 0 {
		m.notices = append(m.notices, fmt.Sprintf("%s:%d: what follows ENDATA is left out", name, m.line+1))
	}
	return m.problem()
}

// header begins a section; it reports whether the file ends here.
func (m *mpsReader) header(line string) (bool, error) {
	words := strings.Fields(line)
	m.section = strings.ToUpper(words[0])
	switch m.section {
	case "NAME":
		if len(words) > 1 {
			m.title = words[1]
		}
	case "OBJSENSE", "OBJNAME":
		if len(words) > 1 {
			return false, m.data(words[1:])
		}
	case "ROWS":
		m.hasRows = true
	case "COLUMNS":
		m.hasCols = true
	case "RHS", "RANGES", "BOUNDS":
	case "ENDATA":
		return true, nil
	default:
		return false, fmt.Errorf("section %s is not one of a linear program in MPS format", printable(words[0]))
	}
	return false, nil
}

func (m *mpsReader) data(f []string) error {
	if len(f) == 0 {
		return nil
	}
	switch m.section {
	case "OBJSENSE":
		return m.sense(f[0])
	case "OBJNAME":
		if m.hasRows && m.objName != f[0] {
			return fmt.Errorf("OBJNAME %s comes after ROWS; put it before", f[0])
		}
		m.objName = f[0]
		return nil
	case "ROWS":
		return m.row(f)
	case "COLUMNS":
		return m.column(f)
	case "RHS":
		return m.perRow(f, m.setRHS)
	case "RANGES":
		return m.perRow(f, m.setRange)
	case "BOUNDS":
		return m.bound(f)
	}
	return fmt.Errorf("data outside a section that holds some (%q)", m.section)
}

func (m *mpsReader) sense(word string) error {
	switch strings.ToUpper(word) {
	case "MAX", "MAXIMIZE", "MAXIMISE":
		m.maximise = true
	case "MIN", "MINIMIZE", "MINIMISE":
		m.maximise = false
	default:
		return fmt.Errorf("objective sense %q is neither MIN nor MAX", word)
	}
	return nil
}

func (m *mpsReader) row(f []string) error {
	if len(f) != 2 || len(f[0]) != 1 {
		return fmt.Errorf("a row needs a type and a name, not %q", f)
	}
	if _, double := m.rows[f[1]]; double {
		return fmt.Errorf("row %s is there twice", f[1])
	}
	switch f[0][0] | 0x20 {
	case 'n':
		if m.objName == "" {
			m.objName = f[1]
		}
		m.rows[f[1]] = droppedRow
		if m.objName == f[1] {
			m.rows[f[1]] = objectiveRow
		}
	case 'e', 'l', 'g':
		m.rows[f[1]] = int32(len(m.rowNames))
		m.rowNames, m.kind = append(m.rowNames, f[1]), append(m.kind, f[0][0]&^0x20)
		m.rhs, m.ranges = append(m.rhs, 0), append(m.ranges, 0)
		m.hasRHS, m.hasRange = append(m.hasRHS, false), append(m.hasRange, false)
	default:
		return fmt.Errorf("row type %q is none of N, E, L, G", f[0])
	}
	return nil
}

func (m *mpsReader) column(f []string) error {
	if len(f) >= 3 && strings.Trim(f[1], "'") == "MARKER" {
		m.integer = strings.Trim(f[len(f)-1], "'") == "INTORG"
		return nil
	}
	if len(f) != 3 && len(f) != 5 {
		return fmt.Errorf("a column needs its name and one or two pairs of row and value, not %q", f)
	}
	j, known := m.cols[f[0]]
	if !known {
		j = int32(len(m.colNames))
		m.cols[f[0]] = j
		m.colNames = append(m.colNames, f[0])
		m.cost, m.hasCost = append(m.cost, 0), append(m.hasCost, false)
		m.lower, m.upper, m.lowerGiven = append(m.lower, 0), append(m.upper, math.Inf(1)), append(m.lowerGiven, false)
		if m.integer {
			m.relaxed++
		}
	}
	for k := 1; k < len(f); k += 2 {
		if err := m.entry(j, f[k], f[k+1]); err != nil {
			return err
		}
	}
	return nil
}

func (m *mpsReader) entry(j int32, row, text string) error {
	i, ok := m.rows[row]
	if !ok {
		return fmt.Errorf("column %s names the row %s, which is not declared", m.colNames[j], row)
	}
	v, err := number(text)
	if err != nil || !finite(v) {
		return fmt.Errorf("column %s, row %s: %q is not a finite number", m.colNames[j], row, text)
	}
	if v != 0 && math.Abs(v) < 0x1p-1022 {
		return fmt.Errorf("column %s, row %s: %s is too small to be computed with; leave it out", m.colNames[j], row, text)
	}
	switch {
	case i == droppedRow:
	case i == objectiveRow:
		if m.hasCost[j] {
			return fmt.Errorf("column %s has two costs", m.colNames[j])
		}
		m.cost[j], m.hasCost[j] = v, true
	default:
		m.ri, m.ci, m.val = append(m.ri, i), append(m.ci, j), append(m.val, v)
	}
	return nil
}

// number reads a decimal number, with Fortran's D for an exponent too.
func number(text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if strings.ContainsAny(text, "_xXpP") { // digits apart and hexadecimal numbers, which ParseFloat lets pass
		return v, strconv.ErrSyntax
	}
	if err == nil {
		return v, nil
	}
	if e, ok := err.(*strconv.NumError); ok && e.Err == strconv.ErrRange {
		return v, nil
	}
	return strconv.ParseFloat(strings.NewReplacer("D", "E", "d", "e").Replace(text), 64)
}

// problem puts the gathered parts together.
func (m *mpsReader) problem() (*Problem, error) {
	a, err := sparse.FromTriplets(len(m.rowNames), len(m.colNames), m.ri, m.ci, m.val)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	if err := m.doubles(); err != nil {
		return nil, err
	}
	p := &Problem{Name: m.title, C: m.cost, C0: m.constant, A: a, ColLower: m.lower, ColUpper: m.upper,
		RowNames: m.rowNames, ColNames: m.colNames, Maximise: m.maximise, Relaxed: m.relaxed,
		RowLower: make([]float64, a.Rows), RowUpper: make([]float64, a.Rows)}
	if p.Name == "" {
		p.Name = m.name
	}
	if m.objName == "" {
		m.notices = append(m.notices, m.name+": there is no row of type N, and so no objective: any feasible point is as good as another")
	}
	for j, name := range m.colNames {
		if math.IsInf(m.lower[j], -1) && !m.lowerGiven[j] {
			if m.opened++; m.opened == 1 {
				m.opens = name
			}
		}
	}
	if m.opened > 0 {
		m.notices = append(m.notices, fmt.Sprintf("%s: columns with a negative upper bound and no lower one have none, not 0: %d, the first of them %s", m.name, m.opened, m.opens))
	}
	p.Notices = m.notices
	if p.C == nil {
		p.C = []float64{}
	}
	for i, k := range m.kind {
		p.RowLower[i], p.RowUpper[i] = rowBounds(k, m.rhs[i], m.ranges[i], m.hasRange[i])
	}
	if p.Maximise {
		p.C0 = -p.C0
		for j := range p.C {
			p.C[j] = -p.C[j]
		}
	}
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	return p, nil
}

// doubles finds a place of the matrix that is given twice.
func (m *mpsReader) doubles() error {
	seen := make([]int32, len(m.rowNames))
	perCol := make([][]int32, len(m.colNames))
	for k, j := range m.ci {
		perCol[j] = append(perCol[j], m.ri[k])
	}
	for j, rows := range perCol {
		for _, i := range rows {
			if seen[i] == int32(j)+1 {
				return fmt.Errorf("%s: column %s has two entries in row %s", m.name, m.colNames[j], m.rowNames[i])
			}
			seen[i] = int32(j) + 1
		}
	}
	return nil
}

// rowBounds gives a row's bounds by its type, right-hand side and range (MPS: a range widens an equality to the side
// of its sign, an inequality by its size).
func rowBounds(kind byte, rhs, rng float64, hasRange bool) (float64, float64) {
	lo, hi := rhs, rhs
	switch {
	case kind == 'L' && hasRange:
		lo = rhs - math.Abs(rng)
	case kind == 'L':
		lo = math.Inf(-1)
	case kind == 'G' && hasRange:
		hi = rhs + math.Abs(rng)
	case kind == 'G':
		hi = math.Inf(1)
	case hasRange && rng < 0:
		lo = rhs + rng
	case hasRange:
		hi = rhs + rng
	}
	return openBound(lo), openBound(hi)
}
