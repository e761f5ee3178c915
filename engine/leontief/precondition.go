package leontief

import "fmt"

// preconditioner applies K⁻¹ for some K near I − M to rows lo … hi−1, a piece of the team: dst[lo:hi] from src[lo:hi].
type preconditioner interface {
	apply(dst, src []float64, lo, hi int)
}

func (p *problem) precondition(name Preconditioner) (preconditioner, error) {
	switch name {
	case None:
		return identity{}, nil
	case Diagonal:
		return p.diagonal(), nil
	case ILU0:
		return p.ilu0()
	}
	return nil, fmt.Errorf("preconditioner %q", name)
}

type identity struct{}

func (identity) apply(dst, src []float64, lo, hi int) {
	if &dst[0] != &src[0] {
		copy(dst[lo:hi], src[lo:hi])
	}
}

type diagonal []float64

func (d diagonal) apply(dst, src []float64, lo, hi int) {
	out, in, f := dst[lo:hi], src[lo:hi], d[lo:hi]
	for i, v := range in {
		out[i] = v * f[i]
	}
}

// diagonal is 1/(1 − m[i][i]), 1 where that is no positive number; the identity when M has no diagonal.
func (p *problem) diagonal() preconditioner {
	d := make(diagonal, p.m.Rows)
	plain := true
	for i := range d {
		d[i] = 1
		cols, vals := p.m.Row(i)
		for k, c := range cols {
			if int(c) == i && vals[k] < 1 {
				d[i] = 1 / (1 - vals[k])
				plain = false
			}
		}
	}
	if plain {
		return identity{}
	}
	return d
}

// ilu holds, for each piece of rows, L and U of its diagonal block of I − M without fill. Row i's entries lie in
// ptr[i] … ptr[i+1]; those before diag[i] belong to L (unit diagonal), those from diag[i] on to U, which keeps the inverse of
// its diagonal.
type ilu struct {
	ptr, diag []int64
	col       []int32
	val       []float64
}

// ilu0 factors within the team's pieces (Saad, Iterative Methods, §10.3.2, IKJ order). It fails when a pivot vanishes.
func (p *problem) ilu0() (preconditioner, error) {
	f := p.blocks()
	failed := make([]int, len(p.pieces))
	err := p.each(func(piece, lo, hi int) { failed[piece] = f.factor(lo, hi) })
	if err != nil {
		return nil, err
	}
	for _, i := range failed {
		if i >= 0 {
			return nil, &NotSolved{What: "--preconditioner ilu0", Method: p.settings.Method, Why: fmt.Sprintf("the incomplete factorisation breaks down at product %d, counted from 0; use diagonal", i)}
		}
	}
	return f, nil
}

// blocks copies the diagonal blocks of I − M, adding a diagonal where there is none.
func (p *problem) blocks() *ilu {
	f := &ilu{ptr: make([]int64, p.m.Rows+1), diag: make([]int64, p.m.Rows)}
	for _, piece := range p.pieces {
		for i := piece[0]; i < piece[1]; i++ {
			placed := false
			place := func(v float64) {
				f.diag[i], placed = int64(len(f.col)), true
				f.col, f.val = append(f.col, int32(i)), append(f.val, v)
			}
			cols, vals := p.m.Row(i)
			for k, c := range cols {
				if int(c) < piece[0] || int(c) >= piece[1] {
					continue
				}
				if int(c) == i {
					place(1 - vals[k])
					continue
				}
				if int(c) > i && !placed {
					place(1)
				}
				f.col, f.val = append(f.col, c), append(f.val, -vals[k])
			}
			if !placed {
				place(1)
			}
			f.ptr[i+1] = int64(len(f.col))
		}
	}
	return f
}

// factor works on one block in place; it returns the row whose pivot vanishes, −1 when none does.
func (f *ilu) factor(lo, hi int) int {
	at := make([]int64, hi-lo) // place of a column in the row under way, +1; 0 for none
	for i := lo; i < hi; i++ {
		from, to := f.ptr[i], f.ptr[i+1]
		for k := from; k < to; k++ {
			at[int(f.col[k])-lo] = k + 1
		}
		for k := from; k < f.diag[i]; k++ {
			j := int(f.col[k])
			f.val[k] *= f.val[f.diag[j]] // the inverse of its pivot
			for q := f.diag[j] + 1; q < f.ptr[j+1]; q++ {
				if place := at[int(f.col[q])-lo]; place > 0 {
					f.val[place-1] -= float64(f.val[k] * f.val[q])
				}
			}
		}
		for k := from; k < to; k++ {
			at[int(f.col[k])-lo] = 0
		}
		pivot := 1 / f.val[f.diag[i]]
		if !usable(pivot) {
			return i
		}
		f.val[f.diag[i]] = pivot
	}
	return -1
}

func (f *ilu) apply(dst, src []float64, lo, hi int) {
	for i := lo; i < hi; i++ {
		v := src[i]
		for k := f.ptr[i]; k < f.diag[i]; k++ {
			v -= float64(f.val[k] * dst[f.col[k]])
		}
		dst[i] = v
	}
	for i := hi - 1; i >= lo; i-- {
		v := dst[i]
		for k := f.diag[i] + 1; k < f.ptr[i+1]; k++ {
			v -= float64(f.val[k] * dst[f.col[k]])
		}
		dst[i] = v * f.val[f.diag[i]]
	}
}
