package lp

import (
	"planwerk/engine/sparse"
	"planwerk/kernels"
)

// subMatrix is some columns of a scaled matrix, of the rows that are free: by columns and by rows, compact. Its arrays
// are kept for the next choice.
type subMatrix struct {
	a, at       sparse.CSR
	cutA, cutAt [][2]int
	count       [][]int64 // per band of columns: entries by row, then the next place
}

const (
	columnBands   = 8       // bands of columns in which the rows' entries are counted
	bandsFrom     = 400_000 // entries from which there is more than one
	columnsAtOnce = 4096
)

// take copies columns cols (rising) of s, without rows that are not free; free nil: all rows.
func (m *subMatrix) take(s *scaled, cols []int32, free []bool) {
	m.takeColumns(s, cols, free)
	m.byRows(s)
	m.cutA = m.a.Cut()
}

// takeColumns is take without the rows.
func (m *subMatrix) takeColumns(s *scaled, cols []int32, free []bool) {
	m.at.Rows, m.at.Cols = len(cols), s.a.Rows
	m.at.Ptr = resize(m.at.Ptr, len(cols)+1)
	cut := cutEven(len(cols), columnsAtOnce)
	m.at.Ptr[0] = 0
	s.each(cut, func(_, lo, hi int) {
		for k := lo; k < hi; k++ {
			n := s.at.Ptr[cols[k]+1] - s.at.Ptr[cols[k]]
			if free != nil {
				rows, _ := s.at.Row(int(cols[k]))
				n = 0
				for _, i := range rows {
					if free[i] {
						n++
					}
				}
			}
			m.at.Ptr[k+1] = n
		}
	})
	for k := range cols {
		m.at.Ptr[k+1] += m.at.Ptr[k]
	}
	nnz := int(m.at.Ptr[len(cols)])
	m.at.Col, m.at.Val = resize(m.at.Col, nnz), resize(m.at.Val, nnz)
	s.each(cut, func(_, lo, hi int) {
		for k := lo; k < hi; k++ {
			rows, vals := s.at.Row(int(cols[k]))
			at := m.at.Ptr[k]
			if free == nil {
				copy(m.at.Col[at:], rows)
				copy(m.at.Val[at:], vals)
				continue
			}
			for e, i := range rows {
				if free[i] {
					m.at.Col[at], m.at.Val[at] = i, vals[e]
					at++
				}
			}
		}
	})
	m.cutAt = m.at.Cut()
}

// byRows transposes what take copied: bands of columns are counted and placed on their own, so that threads share no
// counter and every row's entries come by rising column.
func (m *subMatrix) byRows(s *scaled) {
	rows, nnz := s.a.Rows, m.at.NNZ()
	bands := [][2]int{{0, m.at.Rows}}
	if nnz >= bandsFrom {
		bands = cutEven(m.at.Rows, 1+(m.at.Rows-1)/columnBands)
	}
	for len(m.count) < len(bands) {
		m.count = append(m.count, make([]int64, rows))
	}
	s.each(bands, func(b, lo, hi int) {
		count := m.count[b]
		clear(count)
		for _, i := range m.at.Col[m.at.Ptr[lo]:m.at.Ptr[hi]] {
			count[i]++
		}
	})
	m.a.Rows, m.a.Cols = rows, m.at.Rows
	m.a.Ptr, m.a.Col, m.a.Val = resize(m.a.Ptr, rows+1), resize(m.a.Col, nnz), resize(m.a.Val, nnz)
	at := int64(0)
	for i := range rows {
		m.a.Ptr[i] = at
		for b := range bands {
			n := m.count[b][i]
			m.count[b][i] = at
			at += n
		}
	}
	m.a.Ptr[rows] = at
	s.each(bands, func(b, lo, hi int) {
		next := m.count[b]
		for k := lo; k < hi; k++ {
			from, to := m.at.Ptr[k], m.at.Ptr[k+1]
			vals := m.at.Val[from:to]
			for e, i := range m.at.Col[from:to] {
				p := next[i]
				next[i] = p + 1
				m.a.Col[p], m.a.Val[p] = int32(k), vals[e]
			}
		}
	})
}

// transposed is the transpose of a, made on up to threads threads.
func transposed(a *sparse.CSR, threads int) *sparse.CSR {
	m := subMatrix{at: *a}
	m.byRows(&scaled{a: &sparse.CSR{Rows: a.Cols}, threads: threads})
	t := m.a // without the counts
	return &t
}

// resize gives v the length n, with room to grow; what it held is lost.
func resize[T int32 | int64 | float64](v []T, n int) []T {
	if cap(v) < n {
		return kernels.Large[T](n + n/8)[:n]
	}
	return v[:n]
}

// cutEven cuts n items into ranges of about size items.
func cutEven(n, size int) [][2]int {
	var cut [][2]int
	for lo := 0; lo < n; lo += size {
		cut = append(cut, [2]int{lo, min(lo+size, n)})
	}
	return cut
}
