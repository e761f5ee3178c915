package trust

import (
	"cmp"
	"fmt"
	"slices"

	"planwerk/engine/ledger"
	"planwerk/kernels"
)

// Settlement compares the subsystems at two times: one row per part of a subsystem that fell apart, sorted by
// (Before, Part). Values in µmin; the Move of the parts of one Before sum to 0.
type Settlement struct {
	Before  []int32          // the former subsystem's smallest collective
	Part    []int32          // the part's smallest collective
	Unspent []kernels.Int128 // coupons claimed and not yet spent
	Stock   []kernels.Int128 // value of exclusive resources
	Balance []kernels.Int128 // Unspent − Stock
	Target  []kernels.Int128 // the sum of balances, shared by Stock (equally where there is none)
	Move    []kernels.Int128 // Balance − Target
}

// Settle cuts each subsystem of before into the parts that are together in after (both as Components gives them) and
// settles those that fell into two or more. unspent and stock are per collective; stock is never negative.
func Settle(l *ledger.Ledger, before, after []int32, unspent, stock []kernels.Int128) (*Settlement, error) {
	part := parts(before, after)
	s := &Settlement{}
	row := make(map[int32]int) // part → row
	for c := range l.Collectives.N {
		if p := part[c]; p >= 0 {
			k, ok := row[p]
			if !ok {
				k = len(s.Part)
				row[p] = k
				s.Before, s.Part = append(s.Before, before[c]), append(s.Part, p)
				s.Unspent, s.Stock = append(s.Unspent, kernels.Int128{}), append(s.Stock, kernels.Int128{})
			}
			var ok1, ok2 bool
			s.Unspent[k], ok1 = s.Unspent[k].AddChecked(unspent[c])
			s.Stock[k], ok2 = s.Stock[k].AddChecked(stock[c])
			if !ok1 || !ok2 {
				return nil, s.overflow(l, k)
			}
		}
	}
	s.sort()
	for lo := 0; lo < len(s.Part); {
		hi := lo + 1
		for hi < len(s.Part) && s.Before[hi] == s.Before[lo] {
			hi++
		}
		if err := s.share(l, lo, hi); err != nil {
			return nil, err
		}
		lo = hi
	}
	return s, nil
}

// parts gives for each collective the smallest one of its part, −1 where its former subsystem is still together.
func parts(before, after []int32) []int32 {
	part := make([]int32, len(before))
	smallest := make(map[[2]int32]int32)
	count := make([]int32, len(before)) // parts of the subsystem named after this collective
	for c := range before {
		key := [2]int32{before[c], after[c]}
		p, ok := smallest[key]
		if !ok {
			p = int32(c)
			smallest[key] = p
			count[before[c]]++
		}
		part[c] = p
	}
	for c := range part {
		if count[before[c]] < 2 {
			part[c] = -1
		}
	}
	return part
}

func (s *Settlement) sort() {
	order := make([]int, len(s.Part))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(s.Before[a], s.Before[b]), cmp.Compare(s.Part[a], s.Part[b]))
	})
	s.Before, s.Part = permute(s.Before, order), permute(s.Part, order)
	s.Unspent, s.Stock = permute(s.Unspent, order), permute(s.Stock, order)
}

func permute[T any](x []T, order []int) []T {
	out := make([]T, len(x))
	for i, o := range order {
		out[i] = x[o]
	}
	return out
}

// share fills balance, target and move of the rows lo … hi of one former subsystem.
func (s *Settlement) share(l *ledger.Ledger, lo, hi int) error {
	var sum, weight kernels.Int128
	for i := lo; i < hi; i++ {
		b, ok := s.Unspent[i].SubChecked(s.Stock[i])
		var ok1, ok2 bool
		sum, ok1 = sum.AddChecked(b)
		weight, ok2 = weight.AddChecked(s.Stock[i])
		if !ok || !ok1 || !ok2 {
			return s.overflow(l, i)
		}
		s.Balance = append(s.Balance, b)
	}
	equal := weight.Sign() <= 0
	if equal {
		weight = kernels.I128(int64(hi - lo))
	}
	var upto, given kernels.Int128 // weight and target of the rows so far
	for i := lo; i < hi; i++ {
		if equal {
			upto = upto.AddInt64(1)
		} else {
			upto = upto.Add(s.Stock[i])
		}
		next, ok := kernels.MulDivFloor(sum, upto, weight)
		target, ok1 := next.SubChecked(given)
		move, ok2 := s.Balance[i].SubChecked(target)
		if !ok || !ok1 || !ok2 {
			return s.overflow(l, i)
		}
		s.Target, s.Move, given = append(s.Target, target), append(s.Move, move), next
	}
	return nil
}

func (s *Settlement) overflow(l *ledger.Ledger, row int) error {
	id := fmt.Sprint(s.Part[row])
	if ids := l.IDs[ledger.TCollectives]; ids != nil {
		id = ids.Text(s.Part[row])
	}
	return fmt.Errorf("settlements: part %s: column balance: the sum does not fit 128 bits", id)
}
