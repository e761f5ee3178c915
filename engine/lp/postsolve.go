package lp

// restore brings a point of the reduced program back: x of all columns, y of all rows.
func (s *presolver) restore(rows, cols []int32, xr, yr []float64) (x, y []float64) {
	x, y = make([]float64, s.p.Cols()), make([]float64, s.p.Rows())
	for k, j := range cols {
		x[j] = xr[k]
	}
	for k, i := range rows {
		y[i] = yr[k]
	}
	c := append([]float64(nil), s.c...)
	for k := len(s.records) - 1; k >= 0; k-- {
		s.records[k].undo(s, x, y)
	}
	s.c = c
	return x, y
}

// reducedCost is the cost of column j less the rows restored so far; rows not yet restored have y = 0, and
// substitutions not yet undone are in s.c.
func (s *presolver) reducedCost(j int32, y []float64) float64 {
	rows, vals := s.at.Row(int(j))
	sum := double{hi: s.c[j]}
	for k, i := range rows {
		if y[i] != 0 {
			sum = sum.addProduct(-vals[k], y[i])
		}
	}
	return sum.value()
}

// fixedRecord: column at a value. Its reduced cost follows from y.
type fixedRecord struct {
	col int32
	v   float64
}

func (r fixedRecord) undo(_ *presolver, x, _ []float64) { x[r.col] = r.v }

// singletonRecord: a row that became bounds of its only column. When the reduced cost leans on a bound that the row set,
// the row carries it instead.
type singletonRecord struct {
	row, col     int32
	a            float64
	setLo, setHi bool
}

func (r singletonRecord) undo(s *presolver, _, y []float64) {
	d := s.reducedCost(r.col, y)
	if (d > 0 && r.setLo) || (d < 0 && r.setHi) {
		y[r.row] = d / r.a
	}
}

// forcingRecord: a row whose bound fixed all its columns. Its dual is as small as makes every reduced cost point to the
// side at which its column was fixed.
type forcingRecord struct {
	row     int32
	atUpper bool
	cols    []int32
	vals    []float64
}

func (r forcingRecord) undo(s *presolver, _, y []float64) {
	v := 0.0
	for k, j := range r.cols {
		ratio := s.reducedCost(j, y) / r.vals[k]
		if r.atUpper {
			v = min(v, ratio)
		} else {
			v = max(v, ratio)
		}
	}
	y[r.row] = v
}

// substRecord: a column of one row, removed by solving the row for it; c_j/a is the part of the row's dual that the
// shifted costs already carry. When it is not zero, lo and hi are the side that binds.
type substRecord struct {
	row, col int32
	a        float64 // of the column in the row
	cols     []int32 // the row's other living columns
	vals     []float64
	dual     float64 // c_j / a
	lo, hi   float64 // row bounds before
	colLo    float64
	colHi    float64
}

func (r substRecord) undo(s *presolver, x, y []float64) {
	sum := double{}
	for k, j := range r.cols {
		sum = sum.addProduct(r.vals[k], x[j])
		s.c[j] += r.dual * r.vals[k]
	}
	rest := sum.value()
	// Values of x_j that meet the row, and its own bounds; the cost decides among them.
	from, to := (r.lo-rest)/r.a, (r.hi-rest)/r.a
	if r.a < 0 {
		from, to = to, from
	}
	x[r.col] = min(max(0, r.colLo, from), r.colHi, to)
	y[r.row] += r.dual
}

// parallelRecord: row drop was a multiple of row keep; the sides of keep that drop set carry keep's dual to drop.
type parallelRecord struct {
	keep, drop   int32
	ratio        float64 // drop = ratio · keep
	setLo, setHi bool
}

func (r parallelRecord) undo(_ *presolver, _, y []float64) {
	if v := y[r.keep]; (v > 0 && r.setLo) || (v < 0 && r.setHi) {
		y[r.drop], y[r.keep] = v/r.ratio, 0
	}
}
