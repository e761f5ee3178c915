package hardware

import (
	"planwerk/bench/peers/spmv"
	"planwerk/engine/leontief"
	"planwerk/engine/sparse"
	"planwerk/kernels"
)

// perRow is how many entries the rows of the matrices have.
const perRow = 16

// matrix has n rows of 16 entries: anywhere, or within 64 of the diagonal. Columns are in order and do not repeat;
// entries are positive and a row adds up to at most half.
func matrix(n int, banded bool, seed source) *sparse.CSR {
	m := &sparse.CSR{Rows: n, Cols: n, Ptr: kernels.Large[int64](n + 1), Col: kernels.Large[int32](perRow * n),
		Val: kernels.Large[float64](perRow * n)}
	for i := range n {
		row := m.Col[perRow*i : perRow*(i+1)]
		for k := range row { // one column out of each sixteenth of the width
			from, width := n/perRow*k, n/perRow
			if banded {
				from, width = min(max(i-64, 0), n-128)+8*k, 8
			}
			row[k] = int32(from + seed.below(width))
			m.Val[perRow*i+k] = seed.unit() / (2 * perRow)
		}
		m.Ptr[i+1] = int64(perRow * (i + 1))
	}
	return m
}

// vector has entries between 0 and 1.
func vector(n int, seed source) []float64 {
	v := kernels.Large[float64](n)
	for i := range v {
		v[i] = seed.unit()
	}
	return v
}

func spmvBanded(e *env) (*work, error) { return product(e, true) }
func spmvRandom(e *env) (*work, error) { return product(e, false) }

// product is ten products of a matrix of 1 M rows with a vector.
func product(e *env, banded bool) (*work, error) {
	const times = 10
	n := e.pick(1<<12, 1_000_000)
	m, x := matrix(n, banded, 7), vector(n, 8)
	y := kernels.Large[float64](n)
	nnz := int64(m.NNZ())
	w := &work{items: times * nnz, bytes: times * (12*nnz + 24*int64(n)),
		run: func(threads int) error {
			for range times {
				m.Mul(y, x, threads)
			}
			return nil
		},
		digest: func() (string, error) { return add(newDigester(), y).text() },
		inC:    &spmv.Work{Kind: spmv.Product, Matrix: m, X: x, Times: times, Want: func() []float64 { return y }},
	}
	d, ok := e.cfg.Device.(multiplier)
	if !ok {
		return w, nil
	}
	there, err := d.Products(onDevice(m), x)
	if err != nil {
		return nil, err
	}
	w.close = func() { there.Close() }
	w.onDevice = func() error { return there.Run(times) }
	w.deviceDigest = func() (string, error) {
		if err := there.Result(y); err != nil {
			return "", err
		}
		return w.digest()
	}
	return w, nil
}

// spmmSides is a product with 16 vectors.
func spmmSides(e *env) (*work, error) {
	const width = 16
	n := e.pick(1<<12, 1_000_000)
	m, x := matrix(n, false, 7), vector(n*width, 9)
	y := kernels.Large[float64](n * width)
	return &work{items: int64(m.NNZ()), bytes: 12*int64(m.NNZ()) + (8+16*width)*int64(n),
		run: func(threads int) error {
			m.MulMulti(y, x, width, threads)
			return nil
		},
		digest: func() (string, error) { return add(newDigester(), y).text() },
	}, nil
}

// leontiefOne solves one system of 100 k products, 2 M coefficients, to 1e-12.
func leontiefOne(e *env) (*work, error) {
	n := e.pick(1<<11, 100_000)
	m, b := matrix(n, false, 10), vector(n, 11)
	var s *leontief.Solution
	w := &work{serial: false,
		run: func(threads int) (err error) {
			s, err = leontief.Solve(e.ctx, m, b, leontief.Settings{Tolerance: 1e-12, Threads: threads})
			return err
		},
		digest: func() (string, error) { return add(newDigester(), s.X).text() },
	}
	if err := w.run(1); err != nil {
		return nil, err
	}
	w.items, w.bytes = int64(s.Products*m.NNZ()), int64(s.Products)*(12*int64(m.NNZ())+24*int64(n))
	return w, nil
}

// leontiefSides solves 16 such systems at once.
func leontiefSides(e *env) (*work, error) {
	const width = 16
	n := e.pick(1<<11, 100_000)
	m := matrix(n, false, 10)
	sides := make([][]float64, width)
	for k := range sides {
		sides[k] = vector(n, source(100+k))
	}
	var s []*leontief.Solution
	solve := func(set leontief.Settings) (err error) {
		set.Tolerance = 1e-12
		s, err = leontief.SolveMany(e.ctx, m, sides, set)
		return err
	}
	w := &work{
		run:      func(threads int) error { return solve(leontief.Settings{Threads: threads}) },
		onDevice: func() error { return solve(leontief.Settings{Device: e.cfg.Device}) },
		digest: func() (string, error) {
			d := newDigester()
			for _, side := range s {
				add(d, side.X)
			}
			return d.text()
		},
	}
	if err := w.run(1); err != nil {
		return nil, err
	}
	passes := s[0].Products
	w.items, w.bytes = int64(passes*m.NNZ()), int64(passes)*(12*int64(m.NNZ())+(8+16*width)*int64(n))
	return w, nil
}
