package iotable

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"planwerk/engine/leontief"
)

// entries are the nonzeros of a table as read.
type entries struct {
	rows, cols *index
	row, col   []int32
	val        []float64
}

// square requires the same codes for rows and columns, and puts the columns into the rows' order.
func (e *entries) square(file string) error {
	if e.rows == e.cols || e.rows.same(e.cols) {
		return nil
	}
	if e.rows.n != e.cols.n {
		return fmt.Errorf("%s: %d rows and %d columns; a table of flows is square (%s)", file, e.rows.n, e.cols.n, e.rows.differs(e.cols, "the rows", "the columns"))
	}
	at, err := e.cols.translate(e.rows)
	if err != nil {
		return fmt.Errorf("%s: a column has no row: %w", file, err)
	}
	for k, c := range e.col {
		e.col[k] = at[c]
	}
	e.cols = e.rows
	return nil
}

// arrange renumbers a make table: rows as the use table's columns, columns as its rows.
func (e *entries) arrange(rows, cols *index, file, other string) error {
	for _, side := range []struct {
		mine   *index
		wanted *index
		at     []int32
		what   string
	}{{e.rows, rows, e.row, "industry"}, {e.cols, cols, e.col, "commodity"}} {
		if side.mine.n != side.wanted.n {
			return fmt.Errorf("%s: %d codes of %s, but %d in %s (%s); both need the same", file, side.mine.n, side.what, side.wanted.n, other, side.mine.differs(side.wanted, file, other))
		}
		to, err := side.mine.translate(side.wanted)
		if err != nil {
			return fmt.Errorf("%s: %s: %w in %s", file, side.what, err, other)
		}
		for k, c := range side.at {
			side.at[k] = to[c]
		}
	}
	e.rows, e.cols = rows, cols
	return nil
}

// widen gives two tables of triplets, whose products and industries are numbers, the larger one's size.
func (e *entries) widen(other *entries) {
	if e.rows == e.cols && other.rows == other.cols && e.rows.list == nil && other.rows.list == nil {
		e.rows.n = max(e.rows.n, other.rows.n)
		other.rows.n = e.rows.n
	}
}

// matrix builds the compressed matrix; the entries are given up on the way. Places that are given several times are added up,
// with a notice.
func (r *reader) matrix(e *entries, file string) (*leontief.Matrix, error) {
	m, err := leontief.NewMatrix(e.rows.n, e.cols.n, e.row, e.col, e.val)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if again := len(e.val) - m.NNZ(); again > 0 {
		i, j := e.twice(m)
		r.t.Notice("%s: %d entries are at a place that an earlier line gives too: they are added up (the first in row %s, column %s)", file, again, e.rows.text(i), e.cols.text(j))
	}
	if len(e.val) == 0 {
		r.t.Notice("%s: there is no entry but zeros: nothing is made from anything", file)
	}
	e.row, e.col, e.val = nil, nil, nil
	return m, nil
}

// twice gives a place that has several entries: those of m, which are fewer, have one each.
func (e *entries) twice(m *leontief.Matrix) (row, col int) {
	given := make([]int64, m.Rows)
	for _, i := range e.row {
		given[i]++
	}
	for given[row] == m.Ptr[row+1]-m.Ptr[row] {
		row++
	}
	seen := map[int32]bool{}
	for k, i := range e.row {
		if int(i) == row {
			if seen[e.col[k]] {
				return row, int(e.col[k])
			}
			seen[e.col[k]] = true
		}
	}
	return row, 0
}

// readMatrix reads a dense table or triplets. known numbers the products of triplets when there is a file of vectors.
func (r *reader) readMatrix(path string, known *index) (*entries, error) {
	in, err := r.open(path)
	if err != nil {
		return nil, err
	}
	defer in.close()
	head, err := in.header()
	if err != nil {
		return nil, err
	}
	var e *entries
	if len(head) == 3 && word(head[0]) == "row" && slices.Contains([]string{"col", "cols", "column"}, word(head[1])) {
		of := ""
		if r.Use != "" {
			of = ": triplets of use and make tables have numbers from 0; give dense tables for codes"
		}
		e, err = in.triplets(known, r.Vectors, of)
	} else {
		e, err = r.dense(in, head)
	}
	if err != nil {
		return nil, err
	}
	if e.rows.n == 0 {
		return nil, fmt.Errorf("%s: no products: the file has a header and no lines after it", path)
	}
	return e, r.finish(in)
}

func word(b []byte) string { return strings.ToLower(string(b)) }

// dense reads lines of a code and one number per column.
func (r *reader) dense(in *input, head [][]byte) (*entries, error) {
	e := &entries{rows: &index{}, cols: &index{}}
	empty := 0
	for k, code := range head[1:] {
		if fault := checkCode(code); fault != "" {
			return nil, in.errorf("column %d of the header %s", k+2, fault)
		}
		if _, fresh := e.cols.add(code); !fresh {
			return nil, in.errorf("code %q heads two columns", code)
		}
	}
	if e.cols.n == 0 {
		return nil, in.errorf("a header without columns; want codes, or row,col,value")
	}
	for {
		line, err := in.fields()
		if err != nil {
			return nil, err
		}
		if line == nil {
			if empty > 0 {
				r.t.Notice("%s: %d empty cells are taken as 0", in.path, empty)
			}
			return e, nil
		}
		if len(line) != e.cols.n+1 {
			return nil, in.errorf("%d fields, but the header has %d", len(line), e.cols.n+1)
		}
		if fault := checkCode(line[0]); fault != "" {
			return nil, in.errorf("the first column %s", fault)
		}
		i, fresh := e.rows.add(line[0])
		if !fresh {
			return nil, in.errorf("code %q names two rows", clip(line[0]))
		}
		for j, cell := range line[1:] {
			v, fault := number(cell)
			if fault != "" {
				return nil, in.errorf("column %s: %s", e.cols.text(j), fault)
			}
			if len(cell) == 0 {
				empty++
			}
			if v != 0 {
				e.row, e.col, e.val = append(e.row, i), append(e.col, int32(j)), append(e.val, v)
			}
		}
	}
}

// triplets reads lines of row, column, value. Rows and columns are codes of known products, which the file of vectors lists;
// without those, numbers from 0. of says more of a product that is none.
func (in *input) triplets(known *index, vectors, of string) (*entries, error) {
	e := &entries{rows: known}
	largest := int64(-1)
	switch {
	case known != nil:
		of = ": " + vectors + " has no line for it"
	case of == "":
		of = ": without a file of vectors products are numbers from 0"
	}
	for {
		line, err := in.fields()
		if err != nil {
			return nil, err
		}
		if line == nil {
			break
		}
		if len(line) != 3 {
			return nil, in.errorf("%d fields; want row,col,value", len(line))
		}
		var place [2]int32
		for k := range place {
			if known != nil {
				place[k] = known.find(line[k])
			} else if n, ok := plainNumber(line[k]); ok && n < most {
				place[k] = int32(n)
				largest = max(largest, n)
			} else {
				place[k] = -1
			}
			if place[k] < 0 {
				return nil, in.errorf("column %s: %q is no product%s", [2]string{"row", "col"}[k], clip(line[k]), of)
			}
		}
		v, fault := number(line[2])
		if len(line[2]) == 0 {
			fault = "empty; give a number, or leave the line out"
		}
		if fault != "" {
			return nil, in.errorf("column value: %s", fault)
		}
		if v != 0 {
			e.row, e.col, e.val = append(e.row, place[0]), append(e.col, place[1]), append(e.val, v)
		}
	}
	if known == nil {
		if largest >= int64(len(e.val))*16+1<<20 {
			return nil, in.errorf("product %d among only %d entries; a list of products in a file of vectors would allow it", largest, len(e.val))
		}
		e.rows = &index{n: int(largest + 1)}
	}
	e.cols = e.rows
	return e, nil
}

func clip(b []byte) string {
	if len(b) > 40 {
		return string(bytes.ToValidUTF8(b[:40], nil)) + "…"
	}
	return string(b)
}

// number reads a finite decimal number that can be computed with; an empty cell is 0. fault says what is wrong with it.
func number(b []byte) (v float64, fault string) {
	if len(b) == 0 {
		return 0, ""
	}
	v, ok := shortNumber(b)
	if !ok {
		var err error
		if v, err = parseFloat(b); err != nil || math.IsNaN(v) {
			if errors.Is(err, strconv.ErrRange) {
				return 0, tooLarge(b)
			}
			return 0, fmt.Sprintf("%q is not a number", clip(b))
		}
	}
	if math.Abs(v) > leontief.LargestEntry {
		return 0, tooLarge(b)
	}
	return v, ""
}

func tooLarge(b []byte) string {
	return fmt.Sprintf("%s is too large; up to %.0e can be computed with, take larger units", clip(b), leontief.LargestEntry)
}
