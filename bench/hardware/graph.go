package hardware

import (
	"fmt"

	"planwerk/engine/composition"
	"planwerk/engine/ledger"
)

// aggregates computes v* of all elements of a graph of 12 layers, every element with four parts within a window of the
// next layer.
func aggregates(e *env) (*work, error) {
	const layers, degree = 12, 4
	n, window := e.pick(3000, 240_000), e.pick(60, 1500)
	per := n / layers
	l := &ledger.Ledger{}
	l.Elements = ledger.Elements{N: n, Value: make([]int64, n), Durability: make([]int64, n)}
	l.IDs[ledger.TElements] = ledger.IntIDs(1, n)
	s := source(12)
	var parts [degree]int32
	for t := range n {
		l.Elements.Value[t], l.Elements.Durability[t] = int64(s.below(1_000_000)), int64(1+s.below(10_000))
		layer, place := t/per, t%per
		if layer == layers-1 {
			continue
		}
		for k := range parts { // one out of each quarter of the window, so that none repeats
			from := max(0, min(place-window/2, per-window)) + window/degree*k
			parts[k] = int32((layer+1)*per + from + s.below(window/degree))
			l.ElementParts.Element = append(l.ElementParts.Element, int32(t))
			l.ElementParts.Part = append(l.ElementParts.Part, parts[k])
		}
	}
	l.ElementParts.N = len(l.ElementParts.Part)
	var v *composition.Values
	w := &work{items: int64(n), bytes: 8*int64(l.ElementParts.N) + 32*int64(n),
		run: func(threads int) (err error) {
			v, _, err = composition.Compute(e.ctx, l, threads)
			return err
		},
		onDevice: func() (err error) {
			v, _, err = composition.ComputeOn(e.ctx, l, 0, e.cfg.Device)
			return err
		},
		digest: func() (string, error) { return add(add(newDigester(), v.Aggregate), v.Subelements).text() },
	}
	if err := w.run(0); err != nil {
		return nil, err
	}
	mean := int64(0)
	for _, c := range v.Subelements {
		mean += c
	}
	w.note = fmt.Sprintf("%d descendants on average", mean/int64(n))
	return w, nil
}
