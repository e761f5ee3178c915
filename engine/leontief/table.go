package leontief

import (
	"fmt"
	"math"
	"strings"

	"planwerk/engine/sparse"
)

// Matrix is a compressed matrix, by rows.
type Matrix = sparse.CSR

// NewMatrix builds a rows × cols matrix from entries in any order; entries of the same place are added.
func NewMatrix(rows, cols int, row, col []int32, val []float64) (*Matrix, error) {
	return sparse.FromTriplets(rows, cols, row, col, val)
}

// Table is an economy of n products. Vectors that were not given are nil.
type Table struct {
	Codes  []string  // of products; nil: their numbers
	A      *Matrix   // n × n, units of the row's product per unit of the column's
	Labour []float64 // direct labour per unit, in the unit of the source
	Demand []float64 // final demand, in units
	Output []float64 // gross output as recorded, in units: what prices are weighed by
	Price  []float64 // price of the recorded output as a whole

	Notices []string
}

// N is the number of products.
func (t *Table) N() int { return t.A.Rows }

// Code names product i.
func (t *Table) Code(i int) string {
	if t.Codes != nil {
		return t.Codes[i]
	}
	return fmt.Sprint(i)
}

// Notice adds a notice.
func (t *Table) Notice(format string, args ...any) {
	t.Notices = append(t.Notices, fmt.Sprintf(format, args...))
}

// Check says what is wrong with a table made by hand.
func (t *Table) Check() error {
	if err := t.checkVectors(); err != nil {
		return err
	}
	if err := t.A.Check(); err != nil {
		return err
	}
	for i := range t.N() {
		cols, vals := t.A.Row(i)
		for k, v := range vals {
			if math.Abs(v) > LargestCoefficient {
				return fmt.Errorf("the coefficient of %s in %s is %.6g; up to %.0e can be computed with", t.Code(i), t.Code(int(cols[k])), v, LargestCoefficient)
			}
		}
	}
	return nil
}

// The largest numbers of a table: powers and squares of larger ones leave the range of floating point.
const (
	LargestCoefficient = 1e60
	LargestEntry       = 1e100  // of a vector, or a flow
	SmallestEntry      = 1e-100 // of the largest entry of a vector: squares of smaller ones would be 0
)

// checkVectors is Check for a matrix that was checked before.
func (t *Table) checkVectors() error {
	if t.A == nil {
		return fmt.Errorf("leontief: no matrix")
	}
	if t.A.Rows != t.A.Cols {
		return fmt.Errorf("leontief: the matrix has %d rows and %d columns", t.A.Rows, t.A.Cols)
	}
	if t.Codes != nil && len(t.Codes) != t.N() {
		return fmt.Errorf("leontief: %d codes for %d products", len(t.Codes), t.N())
	}
	for _, v := range []struct {
		name   string
		values []float64
	}{{"labour", t.Labour}, {"demand", t.Demand}, {"output", t.Output}, {"price", t.Price}} {
		if v.values != nil && len(v.values) != t.N() {
			return fmt.Errorf("leontief: %d values of %s for %d products", len(v.values), v.name, t.N())
		}
		largest := 0.0
		for i, x := range v.values {
			largest = max(largest, math.Abs(x))
			if !(math.Abs(x) <= LargestEntry) {
				return fmt.Errorf("leontief: the %s of %s is %v; up to %.0e can be computed with", v.name, t.Code(i), x, LargestEntry)
			}
		}
		if largest > 0 && largest < SmallestEntry {
			return fmt.Errorf("the largest %s is %v; with less than %.0e nothing can be computed", v.name, largest, SmallestEntry)
		}
	}
	return nil
}

// NoteNegatives adds a notice when A has negative entries: they are allowed, and bounds then go by |A|.
func (t *Table) NoteNegatives() {
	count, first := 0, ""
	for i := range t.A.Rows {
		cols, vals := t.A.Row(i)
		for k, v := range vals {
			if v < 0 {
				if count++; count == 1 {
					first = fmt.Sprintf("%s in %s: %.6g", t.Code(i), t.Code(int(cols[k])), v)
				}
			}
		}
	}
	if count > 0 {
		t.Notice("%d negative coefficients are kept as they are (the first, %s)", count, first)
	}
}

// DivideColumns turns flows into coefficients: column j of z, in place, is divided by output[j]. A column without output
// becomes empty, with a notice; so does one with a negative output be refused.
func (t *Table) DivideColumns(z *Matrix, output []float64) error {
	factor := make([]float64, len(output))
	var none []string
	lost := map[int]float64{}
	for j, x := range output {
		switch {
		case x > 0:
			factor[j] = x
		case x == 0:
			none = append(none, t.Code(j))
			lost[j] = 0
		default:
			return fmt.Errorf("the output of %s is %v; an output cannot be negative", t.Code(j), x)
		}
	}
	for i := range z.Rows {
		cols, vals := z.Row(i)
		for k, c := range cols {
			if f := factor[c]; f > 0 {
				vals[k] /= f
			} else {
				lost[int(c)] += math.Abs(vals[k])
				vals[k] = 0
			}
		}
	}
	if len(none) > 0 {
		inputs := 0
		for _, v := range lost {
			if v != 0 {
				inputs++
			}
		}
		text := fmt.Sprintf("%d products have no output: their columns are taken as zero (%s)", len(none), few(none))
		if inputs > 0 {
			text += fmt.Sprintf("; %d of them have inputs, which are left out", inputs)
		}
		t.Notices = append(t.Notices, text)
	}
	return nil
}

// few lists some names.
func few(names []string) string {
	const most = 8
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// IndustryTechnology derives commodity × commodity coefficients and labour from a use table (commodity × industry), a make
// table (industry × commodity) and the labour of industries: A = U·ĝ⁻¹·V·q̂⁻¹ and l = w·ĝ⁻¹·V·q̂⁻¹, with g the outputs of
// industries and q those of commodities (United Nations, Handbook on Supply and Use Tables, 2018, model D). labour may be nil.
// Codes of the table are set already; those of industries are for errors and notices.
func (t *Table) IndustryTechnology(use, make_ *Matrix, g, q, labour []float64, industry func(int) string) error {
	if use.Cols != make_.Rows || use.Rows != make_.Cols || len(g) != use.Cols || len(q) != use.Rows {
		return fmt.Errorf("the use table is %d × %d and the make table %d × %d, with %d industry and %d commodity outputs: they do not fit",
			use.Rows, use.Cols, make_.Rows, make_.Cols, len(g), len(q))
	}
	share := make_.Clone() // V·q̂⁻¹: the share of an industry in a commodity
	if err := t.DivideColumns(share, q); err != nil {
		return err
	}
	inverse := make([]float64, len(g))
	var idle []string
	for i, v := range g {
		switch {
		case v > 0:
			inverse[i] = 1 / v
		case v == 0:
			idle = append(idle, industry(i))
		default:
			return fmt.Errorf("the output of industry %s is %v; an output cannot be negative", industry(i), v)
		}
	}
	if len(idle) > 0 {
		t.Notice("%d industries have no output and are left out, with their inputs and labour (%s)", len(idle), few(idle))
	}
	share.Scale(inverse, nil)
	a, err := product(use, share)
	if err != nil {
		return err
	}
	t.A = a
	if labour != nil {
		t.Labour = make([]float64, use.Rows)
		by := share.Transpose()
		by.Mul(t.Labour, labour, 1)
	}
	return nil
}

// product is the sparse product a·b, rows added in the order of a's columns.
func product(a, b *Matrix) (*Matrix, error) {
	var row, col []int32
	var val []float64
	sum, used := make([]float64, b.Cols), make([]bool, b.Cols)
	for i := range a.Rows {
		var touched []int32
		cols, vals := a.Row(i)
		for k, c := range cols {
			bc, bv := b.Row(int(c))
			for q, j := range bc {
				if !used[j] {
					used[j] = true
					touched = append(touched, j)
				}
				sum[j] += float64(vals[k] * bv[q])
			}
		}
		for _, j := range touched {
			row, col, val = append(row, int32(i)), append(col, j), append(val, sum[j])
			sum[j], used[j] = 0, false
		}
	}
	return NewMatrix(a.Rows, b.Cols, row, col, val)
}
