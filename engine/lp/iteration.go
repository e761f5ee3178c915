package lp

import (
	"context"
	"fmt"

	"planwerk/kernels/device"
)

// Iteration is the bare iteration of the first-order method, for measuring machines: steps and the sums of a check, no
// scaling, no restart, no decision.
type Iteration struct {
	s     *scaled
	b     backend
	other *elsewhere // nil: this machine's processors
}

// NewIteration places p, as it stands, on a machine; nil: this machine's processors.
func NewIteration(p *Problem, machine device.Machine) (*Iteration, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	it := &Iteration{s: newScaled(p, 1)}
	it.s.scaleSides(p)
	it.s.at = it.s.a.Transpose()
	it.s.cutRow, it.s.cutCol = it.s.a.Cut(), it.s.at.Cut()
	if machine != nil {
		_, cancel := context.WithCancel(context.Background())
		it.other = &elsewhere{machine: machine, cancel: cancel}
		it.s.other = it.other
	}
	it.b = newBackend(it.s)
	return it, it.err()
}

// Threads says how many this machine's processors use.
func (it *Iteration) Threads(n int) { it.s.threads = n }

// Start begins from zero.
func (it *Iteration) Start() error {
	it.b.start(make([]float64, it.s.a.Cols), make([]float64, it.s.a.Rows))
	return it.err()
}

// Steps makes count steps of fixed sizes and takes the sums of a check; it returns when they are there.
func (it *Iteration) Steps(count int) error {
	const eta, weight = 0.5, 1
	it.b.steps(0, count, eta/weight, eta*weight)
	m := it.b.measure(eta, weight)
	if err := it.err(); err != nil {
		return err
	}
	if m.moveX != m.moveX {
		return fmt.Errorf("lp: the iteration gives no number")
	}
	return nil
}

// Point copies (x̂, ŷ) out.
func (it *Iteration) Point() (x, y []float64, err error) {
	x, y = it.b.point()
	return x, y, it.err()
}

// Close frees what the machine holds.
func (it *Iteration) Close() error {
	it.b.close()
	return it.err()
}

func (it *Iteration) err() error {
	if it.other == nil {
		return nil
	}
	return it.other.err
}
