package leontief

import (
	"context"
	"fmt"
	"math"
	"time"

	"planwerk/engine/shard"
	"planwerk/engine/sparse"
	"planwerk/kernels"
)

// System is z = Mz + b made ready for many right-hand sides. What depends on M alone is found when it is first needed and
// kept: whether M has negative entries, its entries in single precision, the dominator of the error bound. It is for one
// goroutine at a time, and M must not change meanwhile (Update does that).
type System struct {
	m       *sparse.CSR
	threads int
	team    *team
	sign    int       // 0: not known yet; 1: M ≥ 0; −1: M has negative entries
	single  []float32 // entries in single precision, nil until Refined needs them

	dominator *Dominator // nil until found, or when there is none
	sought    bool       // the dominator was sought
	margin    []float64  // of (|M| − I)u, row by row, an upper bound
	perDegree float64    // what the last solve by Refined found of its pace
	quotients *quotients // of the last bounds of the radius; nil: none, or M has negative entries
}

// NewSystem makes a square matrix, by rows, ready. threads below 1 means all the machine offers.
func NewSystem(m *sparse.CSR, threads int) (*System, error) {
	if m.Rows != m.Cols {
		return nil, fmt.Errorf("leontief: a matrix of %d × %d is not square", m.Rows, m.Cols)
	}
	return &System{m: m, threads: shard.Threads(threads)}, nil
}

// on gives the team of the system's matrix for a context.
func (s *System) on(ctx context.Context, threads int) *team {
	if s.team == nil {
		s.team = newTeam(ctx, s.m, threads)
	}
	t := *s.team
	t.ctx, t.threads = ctx, threads
	return &t
}

// signed tells whether M has negative entries.
func (s *System) signed(t *team) (bool, error) {
	if s.sign == 0 {
		all, err := t.largest(func(lo, hi int) sums {
			for _, v := range s.m.Val[s.m.Ptr[lo]:s.m.Ptr[hi]] {
				if v < 0 {
					return sums{1}
				}
			}
			return sums{0}
		})
		if err != nil {
			return false, err
		}
		if s.sign = 1; all[0] > 0 {
			s.sign = -1
		}
	}
	return s.sign < 0, nil
}

// inSingle gives the entries in single precision.
func (s *System) inSingle(t *team) ([]float32, error) {
	if s.single != nil {
		return s.single, nil
	}
	single := kernels.Large[float32](s.m.NNZ())
	err := t.each(func(_, lo, hi int) {
		from, to := s.m.Ptr[lo], s.m.Ptr[hi]
		out := single[from:to]
		for k, v := range s.m.Val[from:to] {
			out[k] = float32(v)
		}
	})
	if err == nil {
		s.single = single
	}
	return single, err
}

// Solve is the function Solve with what the system keeps. The threads are the settings'.
func (s *System) Solve(ctx context.Context, b []float64, settings Settings) (*Solution, error) {
	set, err := settings.complete()
	if err != nil {
		return nil, err
	}
	if len(b) != s.m.Rows || set.Warm != nil && len(set.Warm) != s.m.Rows {
		return nil, fmt.Errorf("leontief: a matrix of %d × %d, a right-hand side of %d, a start of %d", s.m.Rows, s.m.Cols, len(b), len(set.Warm))
	}
	begun := time.Now()
	p := &problem{team: s.on(ctx, set.Threads), system: s, m: s.m, b: b, settings: set}
	if p.signed, err = s.signed(p.team); err != nil {
		return nil, err
	}
	sol := &Solution{X: kernels.Large[float64](len(b)), Method: set.Method, Preconditioner: set.Preconditioner}
	if err := p.solve(sol); err != nil {
		return nil, err
	}
	sol.Products, sol.Seconds = p.products, time.Since(begun).Seconds()
	return sol, nil
}

// Update sets coefficients: entry (row[k], col[k]) becomes val[k]. Only places that are stored can change, so that the
// pattern stays; another place, or a value that is not finite, is an error, and nothing changes. What was found out about M
// is kept where a change cannot harm it: the dominator is tried again before it is used.
func (s *System) Update(row, col []int32, val []float64) error {
	at, err := s.m.Places(row, col, val, s.threads)
	if err == nil {
		s.set(row, at, val)
	}
	return err
}

// set gives entries, by their rows and places, new values.
func (s *System) set(row []int32, at []int64, val []float64) {
	for k, place := range at {
		v, old := val[k], s.m.Val[place]
		if v <= 0 || old <= 0 {
			s.quotients = nil // groups may fall apart or join
		}
		i, j := row[k], s.m.Col[place]
		if s.dominator != nil {
			s.margin[i] = atMost(s.margin[i], math.Abs(v)-math.Abs(old), s.dominator.U[j])
		}
		if s.quotients != nil {
			s.quotients.set(i, j, v-old)
		}
		if s.m.Val[place] = v; s.single != nil {
			s.single[place] = float32(v)
		}
		if v < 0 {
			s.sign = -1
		} else if s.sign < 0 {
			s.sign = 0
		}
	}
	s.sought = false
}

// atMost is no less than sum + a·b, where a is a difference of two numbers as it was rounded.
func atMost(sum, a, b float64) float64 {
	term := float64(a * b)
	sum += term
	return sum + float64(0x1p-50*(math.Abs(term)+math.Abs(sum))) + math.SmallestNonzeroFloat64
}
