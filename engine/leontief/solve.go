package leontief

import (
	"context"
	"fmt"
	"math"
	"time"

	"planwerk/engine/shard"
	"planwerk/engine/sparse"
	"planwerk/kernels"
	"planwerk/kernels/device"
)

// Method says how a system is solved.
type Method string

const (
	Auto     Method = "auto"
	Sweeps   Method = "sweeps"   // Gauss–Seidel within pieces of rows, plain sweeps between them
	BiCGSTAB Method = "bicgstab" // van der Vorst 1992
	GMRES    Method = "gmres"    // Saad and Schultz 1986, restarted
)

// Preconditioner says what a Krylov method works through.
type Preconditioner string

const (
	AutoPreconditioner Preconditioner = "auto"
	None               Preconditioner = "none"
	Diagonal           Preconditioner = "diagonal"
	ILU0               Preconditioner = "ilu0" // incomplete factors without fill, within pieces of rows
)

// Settings of a solve. The zero value is the default of each field.
type Settings struct {
	Method         Method
	Preconditioner Preconditioner
	Tolerance      float64        // on the residual relative to the right-hand side, both in the Euclidean norm; default 1e-13
	Products       int            // most products with the matrix; default 20 000
	Restart        int            // dimension at which GMRES starts again; default 30
	Threads        int            // below 1: all the machine offers
	Device         device.Machine // does the steps of SolveMany instead of this machine's processors; nil: none. Same bits.
	Warm           []float64      // a start; default the right-hand side
}

func (s Settings) complete() (Settings, error) {
	set := func(to *int, value int) {
		if *to <= 0 {
			*to = value
		}
	}
	if s.Method == "" {
		s.Method = Auto
	}
	if s.Preconditioner == "" {
		s.Preconditioner = AutoPreconditioner
	}
	if s.Tolerance <= 0 {
		s.Tolerance = 1e-13
	}
	set(&s.Products, 20000)
	set(&s.Restart, 30)
	s.Threads = shard.Threads(s.Threads)
	switch s.Method {
	case Auto, Sweeps, BiCGSTAB, GMRES:
	default:
		return s, fmt.Errorf("method %q: there are auto, sweeps, bicgstab and gmres", s.Method)
	}
	switch s.Preconditioner {
	case AutoPreconditioner, None, Diagonal, ILU0:
	default:
		return s, fmt.Errorf("preconditioner %q: there are auto, none, diagonal and ilu0", s.Preconditioner)
	}
	return s, nil
}

// Solution is the answer to z = Mz + b.
type Solution struct {
	X              []float64
	Method         Method
	Preconditioner Preconditioner
	Products       int     // with the matrix
	Converged      bool    // the tolerance was met, or rounding errors allow no more
	Residual       float64 // ‖b − (I − M)z‖∞, never below the true one: its own rounding errors are added
	Relative       float64 // ‖b − (I − M)z‖₂ / ‖b‖₂, as computed
	Seconds        float64
}

// problem is one system under way.
type problem struct {
	*team
	m        *sparse.CSR
	b        []float64
	settings Settings
	products int
	signed   bool // M has negative entries
}

// Solve solves z = Mz + b, with M by rows and square. It fails only when its context ends or lengths do not fit: whether the
// answer is one is in Converged.
func Solve(ctx context.Context, m *sparse.CSR, b []float64, settings Settings) (*Solution, error) {
	s, err := settings.complete()
	if err != nil {
		return nil, err
	}
	if m.Rows != m.Cols || len(b) != m.Rows || s.Warm != nil && len(s.Warm) != m.Rows {
		return nil, fmt.Errorf("leontief: a matrix of %d × %d, a right-hand side of %d, a start of %d", m.Rows, m.Cols, len(b), len(s.Warm))
	}
	begun := time.Now()
	p := &problem{team: newTeam(ctx, m, s.Threads), m: m, b: b, settings: s, signed: Absolute(m) != m}
	x := append([]float64(nil), b...)
	if s.Warm != nil {
		copy(x, s.Warm)
	}
	sol := &Solution{X: x, Method: s.Method, Preconditioner: s.Preconditioner}
	if err := p.solve(sol); err != nil {
		return nil, err
	}
	sol.Products, sol.Seconds = p.products, time.Since(begun).Seconds()
	return sol, nil
}

// solve runs a method until the true residual is small enough, starting it again from where it is: what a method believes
// of its residual drifts by rounding.
func (p *problem) solve(sol *Solution) error {
	norm, err := p.norm(p.b)
	if err != nil || norm == 0 {
		clear(sol.X)
		sol.Converged = err == nil
		return err
	}
	auto := sol.Method == Auto
	step, err := p.choose(sol)
	if err != nil {
		return err
	}
	goal, best := p.settings.Tolerance*norm, math.Inf(1)
	keep := []float64(nil)
	if p.settings.Warm == nil { // a warm start may be the answer already; a cold one is not
		if err := step(sol.X, goal); err != nil {
			return err
		}
	}
	for stalled := 0; ; {
		res, err := p.residual(sol.X)
		if err != nil {
			return err
		}
		if res.norm < best {
			if res.norm > best/2 {
				stalled++
			}
			best, keep = res.norm, append(keep[:0], sol.X...)
			sol.Residual, sol.Relative = res.bound, res.norm/norm
		} else {
			stalled++
		}
		sol.Converged = best <= goal || best <= res.floor
		if auto && stalled > 2 && !sol.Converged { // BiCGSTAB may stagnate where GMRES does not
			auto, stalled, sol.Method = false, 0, GMRES
			if step, err = p.choose(sol); err != nil {
				return err
			}
			copy(sol.X, keep)
		}
		if sol.Converged || stalled > 2 || p.products >= p.settings.Products {
			copy(sol.X, keep)
			return nil
		}
		if err := step(sol.X, goal); err != nil {
			return err
		}
	}
}

// choose settles method and preconditioner and returns the method. Measured on economies of 10⁵ products with 20 inputs each
// (BenchmarkSolve): to 1e-12 BiCGSTAB and GMRES take 16 to 18 products with the matrix, BiCGSTAB with less work beside them;
// ILU(0) saved 4 of 18 where inputs are near, and cost more time than that.
func (p *problem) choose(sol *Solution) (func(x []float64, goal float64) error, error) {
	if sol.Method == Auto {
		sol.Method = BiCGSTAB
	}
	if sol.Method == Sweeps {
		s, ok := newSweeper(p)
		if ok {
			sol.Preconditioner = None
			return func(x []float64, goal float64) error {
				done, err := s.sweeps(x, goal/2, p.settings.Products-p.products)
				p.products += done
				return err
			}, nil
		}
		sol.Method = BiCGSTAB // a product that uses itself up: no sweep over it converges, another method may still answer
	}
	if sol.Preconditioner == AutoPreconditioner {
		sol.Preconditioner = Diagonal
	}
	pre, err := p.precondition(sol.Preconditioner)
	if err != nil {
		return nil, err
	}
	if sol.Method == GMRES {
		return func(x []float64, goal float64) error { return p.gmres(x, goal/2, pre) }, nil
	}
	return func(x []float64, goal float64) error { return p.bicgstab(x, goal/2, pre) }, nil
}

// residual is what is known of b − (I − M)x.
type residual struct {
	norm  float64 // Euclidean, as computed
	bound float64 // in the maximum norm, rounding errors added
	floor float64 // the Euclidean norm that rounding errors alone may make up
}

// residual computes b − x + Mx without keeping it.
func (p *problem) residual(x []float64) (residual, error) {
	p.products++
	most := 0.0
	parts := make([]residual, len(p.pieces))
	least, err := p.largest(func(lo, hi int) sums {
		most := 0.0
		for _, v := range x[lo:hi] {
			most = larger(most, -v)
		}
		return sums{most}
	})
	if err != nil {
		return residual{}, err
	}
	positive := !p.signed && least[0] == 0 // then |M||x| is Mx
	err = p.each(func(piece, lo, hi int) {
		var r residual
		for i := lo; i < hi; i++ {
			cols, vals := p.m.Row(i)
			mx := kernels.SparseDot(cols, vals, x)
			size := math.Abs(p.b[i]) + math.Abs(x[i])
			if positive {
				size += float64(mx * (1 + 4*roundoff(len(cols))))
			} else {
				for k, c := range cols {
					size += math.Abs(float64(vals[k] * x[c]))
				}
			}
			d := math.Abs(p.b[i] - x[i] + mx)
			err := float64(roundoff(len(cols)) * size)
			r.norm += float64(d * d)
			r.floor += float64(err * err)
			if v := d + err; !(v <= r.bound) {
				r.bound = v
			}
		}
		parts[piece] = r
	})
	var all residual
	for _, r := range parts {
		all.norm, all.floor = all.norm+r.norm, all.floor+r.floor
		if !(r.bound <= most) {
			most = r.bound
		}
	}
	return residual{math.Sqrt(all.norm), most, math.Sqrt(all.floor)}, err
}

// roundoff bounds the relative error of a sum of k products and two more terms, and that of summing their sizes: γ of
// Higham, Accuracy and Stability of Numerical Algorithms, §3.1, with room to spare.
func roundoff(k int) float64 { return float64(k+8) * 0x1p-53 }

// norm is the Euclidean norm.
func (p *problem) norm(x []float64) (float64, error) {
	s, err := p.dot(x, x)
	return math.Sqrt(s), err
}

// run is each over other pieces than the team's.
func (t *team) run(pieces int, f func(piece int)) error {
	return shard.Run(t.ctx, t.threads, pieces, func(p int) error {
		f(p)
		return nil
	})
}

// cutRows cuts rows into pieces of about grain entries.
func cutRows(m *sparse.CSR, grain int) [][2]int {
	return shard.Weighted(m.Ptr, shard.Pieces(m.NNZ()+4*m.Rows, grain))
}

// apply sets dst to (I − M)x for rows lo … hi−1.
func (p *problem) apply(dst, x []float64, lo, hi int) {
	p.m.MulRows(dst, x, lo, hi)
	d, v := dst[lo:hi], x[lo:hi]
	for i, y := range v {
		d[i] = y - d[i]
	}
}
