package leontief

import (
	"planwerk/kernels/device"
)

// bicgstabOn is bicgstab with the vectors on another machine; the scalars are decided here, and the bits are the same.
func (p *block) bicgstabOn(machine device.Machine, x []float64, goal *scalars) (err error) {
	d, _ := p.pre.(diagonal)
	w, err := machine.Block(&device.BlockProgram{
		M:     device.CSR{Rows: p.m.Rows, Cols: p.m.Cols, Ptr: p.m.Ptr, Col: p.m.Col, Val: p.m.Val},
		Width: p.width, B: p.b, Diagonal: d, Pieces: p.pieces,
	})
	if err != nil {
		return err
	}
	defer func() {
		if closed := w.Close(); err == nil {
			err = closed
		}
	}()
	p.products++
	begun, err := w.Begin(x)
	if err != nil {
		return err
	}
	rho := scalars(begun)
	var alpha, omega, beta scalars
	active := p.start(&rho, goal)
	for active.any() && p.products < p.most {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		if err := p.stepOn(w, &active, goal, &rho, &alpha, &omega, &beta); err != nil {
			return err
		}
	}
	return w.Solution(x)
}

// stepOn is one step of bicgstab on another machine.
func (p *block) stepOn(w device.Block, active *mask, goal, rho, alpha, omega, beta *scalars) error {
	sv, err := w.Direct((*device.Scalars)(beta), (*device.Scalars)(omega))
	if err != nil {
		return err
	}
	minus := active.ratio(alpha, rho, (*scalars)(&sv))
	rr, err := w.Half((*device.Scalars)(&minus))
	if err != nil {
		return err
	}
	half := active.reached((*scalars)(&rr), goal) // done in the middle of a step: ω stays 0
	tr, tt, err := w.Second()
	p.products += 2
	if err != nil {
		return err
	}
	minus = half.less(*active).ratio(omega, (*scalars)(&tr), (*scalars)(&tt))
	sr, rr, err := w.Finish((*device.Scalars)(alpha), (*device.Scalars)(omega), (*device.Scalars)(&minus))
	if err != nil {
		return err
	}
	*active = active.reached((*scalars)(&rr), goal).or(half).less(*active)
	active.next(beta, alpha, omega, rho, (*scalars)(&sr))
	return nil
}
