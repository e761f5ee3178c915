package lp

import (
	"slices"

	"planwerk/engine/sparse"
)

// leontief is what the marginal techniques say of prices: T_ip = |a_ip|/a_pp is the share of input i in product p by its
// marginal technique. When price i rises, price p rises by T_ip of it, and so on.
type leontief struct {
	subMatrix        // at: Tᵀ by rows (products), a: T by rows (inputs)
	side      []bool // rows that are no product's
}

// newLeontief takes the marginal techniques' shares out of the columns at hand. A by-product has a negative share: the
// product becomes cheaper when the by-product becomes dearer.
func newLeontief(q *proximal, marginal []int32) *leontief {
	st, s, rows := q.m.st, q.s, len(q.y)
	u := &leontief{side: make([]bool, rows)}
	u.at = sparse.CSR{Rows: rows, Cols: rows, Ptr: make([]int64, rows+1)}
	cut := cutEven(rows, columnsAtOnce)
	visit := func(p int, f func(i int32, share float64)) {
		j := marginal[p]
		if j < 0 {
			return
		}
		inputs, vals := s.at.Row(int(j))
		own := vals[slices.Index(inputs, int32(p))]
		for k, i := range inputs {
			if int(i) != p {
				f(i, -vals[k]/own)
			}
		}
	}
	s.each(cut, func(_, lo, hi int) {
		for p := lo; p < hi; p++ {
			u.side[p] = st.makers[p] == 0
			visit(p, func(int32, float64) { u.at.Ptr[p+1]++ })
		}
	})
	for p := range rows {
		u.at.Ptr[p+1] += u.at.Ptr[p]
	}
	u.at.Col, u.at.Val = resize[int32](nil, int(u.at.Ptr[rows])), resize[float64](nil, int(u.at.Ptr[rows]))
	s.each(cut, func(_, lo, hi int) {
		for p := lo; p < hi; p++ {
			at := u.at.Ptr[p]
			visit(p, func(i int32, share float64) {
				u.at.Col[at], u.at.Val[at] = i, share
				at++
			})
		}
	})
	u.byRows(s)
	return u
}

// marginals gives every row's marginal technique (the interior one of its own farthest from its bounds, else one that
// makes it as a by-product and is not its main product's, −1: none) and the ghosts.
func marginals(q *proximal) (marginal, ghosts []int32) {
	s := q.s
	marginal = make([]int32, len(q.y))
	far := make([]float64, len(q.y))
	for i := range marginal {
		marginal[i] = -1
	}
	for j, i := range q.m.st.own {
		if i < 0 || !q.free[i] || q.inside[j] == 0 {
			continue
		}
		if room := min(q.z[j]-s.lo[j], s.hi[j]-q.z[j]); room > far[i] {
			far[i], marginal[i] = room, int32(j)
		}
	}
	q.marginalJoint(marginal)
	for i := range marginal {
		if q.free[i] && marginal[i] < 0 {
			ghosts = append(ghosts, int32(i))
		}
	}
	return marginal, ghosts
}

// marginalJoint gives free rows without a marginal technique one that makes them as a by-product.
func (q *proximal) marginalJoint(marginal []int32) {
	s, st := q.s, q.m.st
	for _, j := range st.joint {
		if own := st.own[j]; q.inside[j] == 0 || (q.free[own] && marginal[own] == j) {
			continue
		}
		rows, vals := s.at.Row(int(j))
		for k, i := range rows {
			if vals[k]*st.orient[i] > 0 && q.free[i] && marginal[i] < 0 {
				marginal[i] = j
				break
			}
		}
	}
}
