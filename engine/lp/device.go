package lp

import (
	"context"
	"slices"

	"planwerk/engine/sparse"
	"planwerk/kernels/device"
)

// elsewhere is the machine that iterates for one Solve. Its first error ends the solve, as a cancelled context would; no
// result of it, nor one made without it, is then handed out.
type elsewhere struct {
	machine device.Machine
	cancel  context.CancelFunc
	err     error
}

// worthSending is how many entries of a matrix make another machine worth its while, where there is a choice: below, the
// time to start work there exceeds the work.
const worthSending = 1 << 17

// solvePlaced is solveMinimised with the iterations on the settings' device, if there is one. Its failure is an error, or,
// where the settings allow it, reported, and the program is solved here from the beginning.
func solvePlaced(ctx context.Context, p *Problem, set *Settings, run *runState) (outcome, Method, error) {
	again := *run
	if set.Device != nil && (set.DeviceFallback == nil || p.A.NNZ() >= worthSending) {
		run.log.note("First-order iterations run on %s", set.Device.Name())
		there, cancel := context.WithCancel(ctx)
		defer cancel()
		run.other = &elsewhere{machine: set.Device, cancel: cancel}
		out, method := solveMinimised(there, p, set, run)
		switch {
		case run.other.err == nil:
			return out, method, nil
		case set.DeviceFallback == nil:
			return outcome{}, method, run.other.err
		}
		run.log.note("%v; solved here from the beginning", run.other.err)
		set.DeviceFallback(run.other.err)
	}
	out, method := solveMinimised(ctx, p, set, &again)
	return out, method, nil
}

func (e *elsewhere) fail(err error) {
	if err != nil && e.err == nil {
		e.err = err
		e.cancel()
	}
}

// remote is the backend of another machine. It has the bits of host.
type remote struct {
	*scaled
	h device.Halpern // nil after an error in placing it
}

// newBackend gives the backend for s: the other machine where there is one.
func newBackend(s *scaled) backend {
	if s.other == nil {
		return newHost(s)
	}
	r := &remote{scaled: s}
	h, err := s.other.machine.Halpern(&device.Program{
		A: onDevice(s.a, s.threads), At: onDevice(s.at, s.threads), C: s.c, Lo: s.lo, Hi: s.hi, RowLo: s.rowLo, RowHi: s.rowHi, Col: s.col, Row: s.row,
		Beta: s.beta, Gamma: s.gamma, ColPieces: s.cutCol, RowPieces: s.cutRow,
	})
	if err != nil {
		s.other.fail(err)
		return r
	}
	r.h = h
	return r
}

func onDevice(a *sparse.CSR, threads int) device.CSR {
	return device.CSR{Rows: a.Rows, Cols: a.Cols, Ptr: a.Ptr, Col: a.Col, Val: a.Val, Ends: a.BlockEnds(threads)}
}

// do calls f unless something failed before.
func (r *remote) do(f func() error) {
	if r.h != nil && r.other.err == nil {
		r.other.fail(f())
	}
}

func (r *remote) start(x, y []float64) {
	x = slices.Clone(x)
	for j := range x {
		x[j] = min(max(x[j], r.lo[j]), r.hi[j])
	}
	r.do(func() error { return r.h.Start(x, y) })
}

func (r *remote) steps(k, count int, tau, sigma float64) {
	r.do(func() error { return r.h.Steps(k, count, tau, sigma) })
}

func (r *remote) measure(eta, w float64) (t measures) {
	r.do(func() error {
		cols, rows, err := r.h.Measure(eta, w)
		if err == nil {
			t = joined(cols, rows)
		}
		return err
	})
	return t
}

// joined gives the sums of all pieces as host.measure does.
func joined(cols, rows []device.Sums) measures {
	parts := make([]measures, 0, len(cols)+len(rows))
	for i, s := range slices.Concat(cols, rows) {
		m := measures{fixedPoint: s.FixedPoint, objective: s.Objective, dualObj: s.DualObjective, rayCost: s.RayCost,
			rayMiss: s.RayMiss, farkas: s.Farkas, farkasMiss: s.FarkasMiss, worst: s.Worst}
		if i < len(cols) {
			m.moveX, m.dual = s.Move, s.Residual
		} else {
			m.moveY, m.primal = s.Move, s.Residual
		}
		parts = append(parts, m)
	}
	return joinMeasures(parts)
}

func (r *remote) restart() {
	r.do(func() error { return r.h.Restart() })
}

func (r *remote) point() (x, y []float64) {
	x, y = make([]float64, r.a.Cols), make([]float64, r.a.Rows)
	r.do(func() error { return r.h.Point(x, y) })
	return x, y
}

func (r *remote) rays() (x, y []float64) {
	x, y = r.point()
	x0, y0 := make([]float64, len(x)), make([]float64, len(y))
	r.do(func() error { return r.h.Anchor(x0, y0) })
	for j := range x {
		x[j] -= x0[j]
	}
	for i := range y {
		y[i] -= y0[i]
	}
	return x, y
}

func (r *remote) close() {
	if r.h != nil { // after an error too
		r.other.fail(r.h.Close())
		r.h = nil
	}
}
