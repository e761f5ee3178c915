package hardware

import (
	"fmt"
	"path/filepath"

	synth "planwerk/datasets/make"
	"planwerk/engine/lp"
	"planwerk/engine/sparse"
	"planwerk/kernels/device"
)

// multiplier is a machine that can do products by themselves.
type multiplier interface {
	Products(a device.CSR, x []float64) (device.Products, error)
}

func onDevice(m *sparse.CSR) device.CSR {
	return device.CSR{Rows: m.Rows, Cols: m.Cols, Ptr: m.Ptr, Col: m.Col, Val: m.Val}
}

// pdhgIterations is ten iterations and a check over a program of 20 M nonzeros.
func pdhgIterations(e *env) (*work, error) {
	const steps = 10
	n := e.pick(1<<11, 1_250_000)
	p := &lp.Problem{Name: "iterations", A: matrix(n, false, 13), C: vector(n, 14), RowLower: vector(n, 15), RowUpper: make([]float64, n),
		ColLower: make([]float64, n), ColUpper: make([]float64, n)}
	for i := range p.C {
		p.RowUpper[i], p.ColUpper[i] = p.RowLower[i]+1, 4
	}
	here, err := lp.NewIteration(p, nil)
	if err != nil {
		return nil, err
	}
	at := here
	nnz, size := int64(p.A.NNZ()), int64(n)
	w := &work{items: 2 * nnz * (steps + 1), bytes: 24*nnz*(steps+1) + (80+64)*size*steps + (92+76)*size,
		before: func() error { return at.Start() },
		run: func(threads int) error {
			at = here
			here.Threads(threads)
			return here.Steps(steps)
		},
		digest: func() (string, error) {
			x, y, err := at.Point()
			if err != nil {
				return "", err
			}
			return add(add(newDigester(), x), y).text()
		},
	}
	if e.cfg.Device == nil {
		return w, nil
	}
	there, err := lp.NewIteration(p, e.cfg.Device)
	if err != nil {
		return nil, err
	}
	w.before = func() error {
		if err := here.Start(); err != nil {
			return err
		}
		return there.Start()
	}
	w.onDevice = func() error {
		at = there
		return there.Steps(steps)
	}
	w.close = func() { there.Close() }
	return w, nil
}

// planProgram solves a generated plan for 5 k products to the certificate, presolve and all.
func planProgram(e *env) (*work, error) {
	products := e.pick(100, 5000)
	file := filepath.Join(e.dir, "economy.mps")
	err := synth.GenerateEconomy(e.ctx, filepath.Join(e.dir, "economy"), synth.EconomyConfig{Products: products, Seed: 1, MPS: file, Force: true})
	if err != nil {
		return nil, err
	}
	p, err := lp.ReadMPSFile(file)
	if err != nil {
		return nil, err
	}
	var s *lp.Solution
	solve := func(set lp.Settings) (err error) {
		if s, err = lp.Solve(e.ctx, p, set); err == nil && s.Status != lp.Optimal {
			err = fmt.Errorf("the plan is %s", s.Status)
		}
		return err
	}
	w := &work{items: int64(p.A.NNZ()), note: fmt.Sprintf("%d products", products),
		run:      func(threads int) error { return solve(lp.Settings{Threads: threads}) },
		onDevice: func() error { return solve(lp.Settings{Device: e.cfg.Device}) },
		digest:   func() (string, error) { return s.Certificate.Digest[:min(16, len(s.Certificate.Digest))], nil },
	}
	return w, nil
}
