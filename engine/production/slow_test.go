package production

import (
	"math/big"
	"sort"

	"planwerk/engine/ledger"
)

// slow computes amounts and values from the model's sentences, over and over and in big integers.
type slow struct {
	l      *ledger.Ledger
	end    map[int32]int64
	theta  []*big.Int
	taken  map[draw][2]int64 // before, amount
	amount map[int32]int64
	left   map[int32]int64
	broken map[draw]bool // time-order
	over   map[draw]bool
	cyclic map[int32]bool
	values map[int32]*big.Int // per resource, nil unvalued
	known  map[int32]bool
	totals map[int32]*big.Int
}

type draw struct {
	rank int
	row  int32
}

func (s *slow) draws() (all []draw) {
	for rank, n := range []int{s.l.Consumptions.N, s.l.Transfers.N, s.l.Dispatches.N, s.l.WriteOffs.N, s.l.MoPs.N} {
		for row := range n {
			all = append(all, draw{rank, int32(row)})
		}
	}
	return all
}

// of gives the time, the resource (−1 for none) and the amount asked for.
func (s *slow) of(d draw) (time int64, r int32, asked int64) {
	l, i := s.l, d.row
	switch d.rank {
	case 0:
		return l.Consumptions.Time[i], l.Consumptions.Resource[i], l.Consumptions.Amount[i]
	case 1:
		return l.Transfers.Time[i], l.Transfers.Resource[i], l.Transfers.Amount[i]
	case 2:
		return l.Dispatches.Time[i], l.Dispatches.Resource[i], l.Dispatches.Amount[i]
	case 3:
		if (l.WriteOffs.Resource[i] >= 0) == (l.WriteOffs.MoP[i] >= 0) {
			return 0, -1, 0
		}
		return l.WriteOffs.Time[i], l.WriteOffs.Resource[i], l.WriteOffs.Amount[i]
	}
	return l.MoPs.Commissioned[i], l.MoPs.Resource[i], l.MoPs.Amount[i]
}

func newSlow(l *ledger.Ledger, theta []*big.Int) *slow {
	s := &slow{l: l, theta: theta, end: map[int32]int64{}, taken: map[draw][2]int64{}, amount: map[int32]int64{}, left: map[int32]int64{},
		broken: map[draw]bool{}, over: map[draw]bool{}, cyclic: map[int32]bool{}, values: map[int32]*big.Int{}, known: map[int32]bool{}, totals: map[int32]*big.Int{}}
	for o, p := range l.Outputs.Production {
		if t, ok := s.end[p]; !ok || l.Outputs.Time[o] < t {
			s.end[p] = l.Outputs.Time[o]
		}
	}
	for _, d := range s.draws() {
		if t, r, _ := s.of(d); r >= 0 && t < l.Resources.Time[r] {
			s.broken[d] = true
		}
	}
	var rings []draw
	for t := range l.Transfers.N {
		at, steps := int32(t), 0
		for ; steps <= l.Transfers.N; steps++ {
			r := l.Transfers.Resource[at]
			if s.broken[draw{1, at}] || l.Resources.Origin[r] != ledger.TTransfers {
				break
			}
			if at = l.Resources.Row[r]; at == int32(t) {
				rings = append(rings, draw{1, at})
				break
			}
		}
	}
	for _, d := range rings {
		s.broken[d] = true
	}
	for r := range l.Resources.N {
		s.settle(int32(r))
	}
	s.findCycles()
	return s
}

// settle gives the amount of a resource, clipping all its draws the first time.
func (s *slow) settle(r int32) int64 {
	if a, ok := s.amount[r]; ok {
		return a
	}
	amount := s.l.Resources.Amount[r]
	if s.l.Resources.Origin[r] == ledger.TTransfers {
		d := draw{1, s.l.Resources.Row[r]}
		amount = 0
		if !s.broken[d] {
			s.settle(s.l.Transfers.Resource[d.row])
			amount = s.taken[d][1]
		}
	}
	s.amount[r] = amount
	var mine []draw
	for _, d := range s.draws() {
		if _, from, _ := s.of(d); from == r && !s.broken[d] {
			mine = append(mine, d)
		}
	}
	sort.Slice(mine, func(i, j int) bool {
		a, b := mine[i], mine[j]
		ta, _, _ := s.of(a)
		tb, _, _ := s.of(b)
		return ta < tb || ta == tb && (a.rank < b.rank || a.rank == b.rank && a.row < b.row)
	})
	left := amount
	for _, d := range mine {
		_, _, take := s.of(d)
		if take == ledger.NullInt {
			take = left
		} else if take > left {
			s.over[d], take = true, left
		}
		s.taken[d] = [2]int64{amount - left, take}
		left -= take
	}
	s.left[r] = left
	return amount
}

func (s *slow) counted(p int32, t int64) bool {
	end, ended := s.end[p]
	return !ended || t <= end
}

// maker follows transfers up to the output a resource comes from.
func (s *slow) maker(r int32) int32 {
	for s.l.Resources.Origin[r] == ledger.TTransfers && !s.broken[draw{1, s.l.Resources.Row[r]}] {
		r = s.l.Transfers.Resource[s.l.Resources.Row[r]]
	}
	if s.l.Resources.Origin[r] == ledger.TOutputs {
		return s.l.Outputs.Production[s.l.Resources.Row[r]]
	}
	return -1
}

func (s *slow) findCycles() {
	n := s.l.Productions.N
	reach := make([][]bool, n)
	for p := range reach {
		reach[p] = make([]bool, n)
	}
	for c, p := range s.l.Consumptions.Production {
		if q := s.maker(s.l.Consumptions.Resource[c]); q >= 0 && s.counted(p, s.l.Consumptions.Time[c]) && s.taken[draw{0, int32(c)}][1] > 0 {
			reach[p][q] = true
		}
	}
	for k := range n {
		for i := range n {
			for j := range n {
				reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
			}
		}
	}
	for p := range n {
		s.cyclic[int32(p)] = reach[p][p]
	}
}

// share is the cascade share of a draw in the value of its resource, nil when that is unvalued.
func (s *slow) share(d draw) *big.Int {
	_, r, _ := s.of(d)
	v := s.value(r)
	if v == nil {
		return nil
	}
	took := s.taken[d]
	return cascade(v, big.NewInt(took[0]), big.NewInt(took[1]), big.NewInt(s.amount[r]))
}

func cascade(v, before, q, total *big.Int) *big.Int {
	if q.Sign() == 0 {
		return new(big.Int)
	}
	floor := func(q *big.Int) *big.Int {
		x := new(big.Int).Mul(v, q)
		return x.Div(x, total) // Euclidean: floor for a positive divisor
	}
	upto := floor(new(big.Int).Add(before, q))
	return upto.Sub(upto, floor(before))
}

func (s *slow) value(r int32) *big.Int {
	if s.known[r] {
		return s.values[r]
	}
	row := s.l.Resources.Row[r]
	var v *big.Int
	switch {
	case s.l.Resources.Origin[r] == ledger.TOutputs:
		v = s.outputValue(row)
	case s.l.Resources.Origin[r] == ledger.TTransfers && !s.broken[draw{1, row}]:
		v = s.share(draw{1, row})
	default:
		v = new(big.Int)
	}
	s.known[r], s.values[r] = true, v
	return v
}

// weights gives how the outputs of a production share, in canonical order; nil when they cannot.
func (s *slow) weights(p int32) (outputs []int32, weights []*big.Int) {
	o := &s.l.Outputs
	for row, q := range o.Production {
		if q == p {
			outputs = append(outputs, int32(row))
		}
	}
	sort.SliceStable(outputs, func(i, j int) bool { return o.Time[outputs[i]] < o.Time[outputs[j]] })
	sum, oneType := new(big.Int), true
	for _, row := range outputs {
		w := new(big.Int)
		if o.Value[row] != ledger.NullInt {
			w.SetInt64(o.Value[row])
		}
		sum.Add(sum, w)
		weights = append(weights, w)
		oneType = oneType && o.ProductType[row] == o.ProductType[outputs[0]]
	}
	if sum.Sign() > 0 {
		return outputs, weights
	}
	if !oneType {
		return outputs, nil
	}
	for i, row := range outputs {
		weights[i] = big.NewInt(o.Amount[row])
	}
	return outputs, weights
}

func (s *slow) outputValue(row int32) *big.Int {
	p := s.l.Outputs.Production[row]
	outputs, weights := s.weights(p)
	if weights == nil || s.cyclic[p] {
		return nil
	}
	total, before, mine, own := new(big.Int), new(big.Int), false, new(big.Int)
	for i, o := range outputs {
		total.Add(total, weights[i])
		if o == row {
			mine, own = true, weights[i]
		} else if !mine {
			before.Add(before, weights[i])
		}
	}
	return cascade(s.total(p), before, own, total)
}

// total is V(p).
func (s *slow) total(p int32) *big.Int {
	if v, ok := s.totals[p]; ok {
		return v
	}
	v := new(big.Int)
	for i, q := range s.l.Workloads.Production {
		if q == p && s.counted(p, s.l.Workloads.Time[i]) {
			v.Add(v, big.NewInt(s.l.Workloads.Minutes[i]))
		}
	}
	for i, q := range s.l.Consumptions.Production {
		if q == p && s.counted(p, s.l.Consumptions.Time[i]) && s.taken[draw{0, int32(i)}][1] > 0 {
			if x := s.share(draw{0, int32(i)}); x != nil {
				v.Add(v, x)
			}
		}
	}
	for i, q := range s.l.MoPAllocations.Production {
		if q == p && s.counted(p, s.l.MoPAllocations.Start[i]) {
			v.Add(v, s.theta[i])
		}
	}
	s.totals[p] = v
	return v
}
