package leontief

import (
	"context"
	"fmt"
	"math"

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
	Refined  Method = "refined"  // extrapolated sweeps in single precision, residuals in double; for M ≥ 0
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
	case Auto, Sweeps, BiCGSTAB, GMRES, Refined:
	default:
		return s, fmt.Errorf("method %q: there are auto, sweeps, bicgstab, gmres and refined", s.Method)
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
	system   *System
	m        *sparse.CSR
	b        []float64
	settings Settings
	products int
	signed   bool      // M has negative entries
	r        []float64 // where residual leaves b − (I − M)x; nil: nowhere
	rNorm    float64   // its Euclidean norm; 0: not computed yet
	gain     float64   // what share of a residual the last cycle of Refined may at most leave; 1 before the first
}

// Solve solves z = Mz + b, with M by rows and square. It fails only when its context ends or lengths do not fit: whether the
// answer is one is in Converged.
func Solve(ctx context.Context, m *sparse.CSR, b []float64, settings Settings) (*Solution, error) {
	s, err := NewSystem(m, settings.Threads)
	if err != nil {
		return nil, err
	}
	return s.Solve(ctx, b, settings)
}

// solve runs a method until the true residual is small enough, starting it again from where it is: what a method believes
// of its residual drifts by rounding.
func (p *problem) solve(sol *Solution) error {
	norm, err := p.norm(p.b)
	if err != nil || norm == 0 {
		sol.nothing(err)
		return err
	}
	auto := sol.Method == Auto
	step, err := p.choose(sol)
	if err != nil {
		return err
	}
	goal := p.settings.Tolerance * norm
	if err := p.begin(sol.X, step, goal); err != nil {
		return err
	}
	best, floor, before, keep := math.Inf(1), 0.0, norm, []float64(nil)
	warm := p.settings.Warm != nil
	if warm {
		before = math.Inf(1)
	}
	for stalled := 0; ; {
		res, err := p.residual(sol.X)
		if err != nil {
			return err
		}
		if warm && !(res.norm < norm) { // further off than zeros are: no start
			copy(sol.X, p.b)
			res, p.rNorm = residual{norm: math.MaxFloat64, bound: math.Inf(1)}, 0
		}
		warm = false
		if !(res.norm <= best/2) {
			stalled++
		}
		better := res.norm < best
		if better {
			best, floor = res.norm, res.floor // of this x: later ones may be far larger, and their rounding errors with them
			sol.Residual, sol.Relative = res.bound, res.norm/norm
		}
		sol.Converged = best <= goal || best <= floor && best < math.Inf(1)
		if sol.Converged || !auto && stalled > 2 || p.products >= p.settings.Products {
			if !better {
				copy(sol.X, keep)
			}
			return nil
		}
		if better {
			if keep, err = p.copied(keep, sol.X); err != nil {
				return err
			}
		}
		if other := p.instead(sol.Method, res.norm/before, stalled); auto && other != sol.Method {
			auto, stalled = other != GMRES, 0
			sol.Method, sol.Preconditioner = other, p.settings.Preconditioner
			if step, err = p.choose(sol); err != nil {
				return err
			}
			if keep == nil { // not a number from the first step on
				keep = append(keep, p.b...)
			}
			copy(sol.X, keep)
		}
		before = res.norm
		if err := step(sol.X, goal); err != nil {
			return err
		}
	}
}

// nothing is the answer to a system without a right-hand side: zeros, by no method in particular.
func (s *Solution) nothing(err error) {
	s.Converged, s.Preconditioner = err == nil, None
	if s.Method == Auto {
		s.Method = Sweeps
	}
}

// begin sets x to the start. A warm one may be the answer already; from a cold one the first step is made.
func (p *problem) begin(x []float64, step func(x []float64, goal float64) error, goal float64) error {
	if p.settings.Warm != nil {
		return p.copy(x, p.settings.Warm)
	}
	if err := p.copy(x, p.b); err != nil {
		return err
	}
	return step(x, goal)
}

// copied copies x to a vector that is made when it is nil.
func (p *problem) copied(to, x []float64) ([]float64, error) {
	if to == nil {
		to = kernels.Large[float64](len(x))
	}
	return to, p.copy(to, x)
}

// instead is the method that Auto goes on with after a step that left a share of the residual: BiCGSTAB where Refined is
// slow, GMRES where BiCGSTAB stagnates, as it may where GMRES does not.
func (p *problem) instead(m Method, share float64, stalled int) Method {
	switch {
	case m == Refined && !(share <= p.gain):
		return BiCGSTAB
	case m == BiCGSTAB && stalled > 2:
		return GMRES
	}
	return m
}

// choose settles method and preconditioner and returns the method. Refined takes 0.5 to 0.7 of BiCGSTAB's time from 100 000
// products on (bench/peers/leontief). Measured on economies of 10⁵ products with 20 inputs each
// (BenchmarkSolve): to 1e-12 BiCGSTAB and GMRES take 16 to 18 products with the matrix, BiCGSTAB with less work beside them;
// ILU(0) saved 4 of 18 where inputs are near, and cost more time than that.
func (p *problem) choose(sol *Solution) (func(x []float64, goal float64) error, error) {
	if sol.Method == Auto {
		sol.Method = BiCGSTAB
		if refined, err := p.system.refines(p.ctx, p.settings, refinedFrom); err != nil {
			return nil, err
		} else if refined {
			sol.Method = Refined
		}
	}
	if sol.Method == Refined {
		f, err := newRefiner(p)
		if err != nil {
			return nil, err
		}
		sol.Preconditioner = None
		return f.cycle, nil
	}
	p.r = nil
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

// residual computes b − x + Mx, and leaves it in p.r where there is one.
func (p *problem) residual(x []float64) (residual, error) {
	p.products++
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
	to := p.r
	if to == nil {
		to = make([]float64, len(x))
	}
	parts := make([]residual, len(p.pieces))
	err = p.each(func(piece, lo, hi int) {
		p.m.MulRows(to, x, lo, hi)
		var r residual
		for i := lo; i < hi; i++ {
			mx, size := to[i], math.Abs(p.b[i])+math.Abs(x[i])
			terms := int(p.m.Ptr[i+1] - p.m.Ptr[i])
			if positive {
				size += float64(mx * (1 + 4*roundoff(terms)))
			} else {
				cols, vals := p.m.Row(i)
				for k, c := range cols {
					size += math.Abs(float64(vals[k] * x[c]))
				}
			}
			to[i] = p.b[i] - x[i] + mx
			r.take(to[i], float64(roundoff(terms)*size))
		}
		parts[piece] = r
	})
	all := residuals(parts)
	p.rNorm = all.norm
	return all, err
}

// take adds an entry of a residual and the bound of its rounding error; norm and floor are squares until residuals.
func (r *residual) take(d, err float64) {
	r.norm += float64(d * d)
	r.floor += float64(err * err)
	r.bound = larger(r.bound, math.Abs(d)+err)
}

// residuals puts those of pieces together.
func residuals(parts []residual) (all residual) {
	for _, r := range parts {
		all.norm, all.floor = all.norm+r.norm, all.floor+r.floor
		all.bound = larger(all.bound, r.bound)
	}
	all.norm, all.floor = math.Sqrt(all.norm), math.Sqrt(all.floor)
	return all
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

// Residual is what is known of an answer x to z = Mz + b: ‖b − (I − M)x‖∞, its rounding errors added, and
// ‖b − (I − M)x‖₂/‖b‖₂ as computed (0 for b = 0). rounding: it is no more than rounding errors make up, with room for those of
// other methods of counting them.
func Residual(ctx context.Context, m *sparse.CSR, b, x []float64, threads int) (bound, relative float64, rounding bool, err error) {
	s, err := NewSystem(m, threads)
	if err != nil || len(b) != m.Rows || len(x) != m.Rows {
		return 0, 0, false, fmt.Errorf("leontief: a matrix of %d × %d, a right-hand side of %d, an answer of %d", m.Rows, m.Cols, len(b), len(x))
	}
	p := &problem{team: s.on(ctx, s.threads), system: s, m: m, b: b}
	if p.signed, err = s.signed(p.team); err != nil {
		return 0, 0, false, err
	}
	norm, err := p.norm(b)
	if err != nil {
		return 0, 0, false, err
	}
	res, err := p.residual(x)
	if norm > 0 {
		relative = res.norm / norm
	}
	return res.bound, relative, res.norm <= 8*res.floor, err
}
