package lp

import (
	"math"

	"planwerk/engine/sparse"
)

// needing finds outputs when the techniques of a product share its output equally.
type needing struct {
	st     *planStructure
	a      *sparse.CSR
	always []float64 // per row: what is needed whatever the outputs
	level  []float64 // per technique, at the outputs found so far
}

// alwaysNeeded is the demand for every product, and what columns that make nothing take of it.
func (st *planStructure) alwaysNeeded(p *Problem) []float64 {
	need := make([]float64, p.Rows())
	for i := range need {
		if lo := openBound(p.RowLower[i]); st.orient[i] > 0 {
			need[i] = max(lo, 0)
		} else {
			need[i] = max(-openBound(p.RowUpper[i]), 0)
		}
	}
	for j, own := range st.own {
		if own >= 0 {
			continue
		}
		taken := max(p.ColLower[j], 0) // in any case
		if u := openBound(p.ColUpper[j]); p.C[j] < 0 && !math.IsInf(u, 1) {
			taken = u // what the objective wants
		}
		rows, vals := st.at.Row(j)
		for k, i := range rows {
			if v := vals[k] * st.orient[i]; v < 0 {
				need[i] -= v * taken
			}
		}
	}
	return need
}

// output is the need for product i at the current levels; its techniques then make it.
func (n *needing) output(i int, techniques []int32) float64 {
	need, orient := n.always[i], n.st.orient[i]
	cols, vals := n.a.Row(i)
	for k, j := range cols {
		if v := vals[k] * orient; v < 0 {
			need -= v * n.level[j]
		}
	}
	for _, j := range techniques {
		n.level[j] = need / (float64(len(techniques)) * n.st.ownVal[j])
	}
	return need
}
