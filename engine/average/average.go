package average

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"slices"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
	"planwerk/kernels"
	"planwerk/kernels/device"
)

// Averages has one row per subsystem and product type with a positive total amount, sorted by both codes.
type Averages struct {
	Subsystem   []int32
	ProductType []int32
	Value       []kernels.Int128 // total, µmin
	Amount      []kernels.Int128 // total, micro-units
	Average     []kernels.Int128 // µmin per unit, rounded half to even
}

// grain is the number of resources in a piece of work.
const grain = 1 << 16

// Compute sums over the resources. subsystem is the subsystem of each collective at k2; remainingAmount (micro-units) and
// remainingValue (µmin, null = unvalued) belong to each resource. Resources without a product type stay out.
func Compute(ctx context.Context, l *ledger.Ledger, subsystem []int32, remainingAmount []int64, remainingValue []kernels.Int128, threads int) (*Averages, error) {
	return ComputeOn(ctx, l, subsystem, remainingAmount, remainingValue, threads, nil)
}

// ComputeOn is Compute with the sums of values within 64 bits taken on another machine, unless m is nil.
func ComputeOn(ctx context.Context, l *ledger.Ledger, subsystem []int32, remainingAmount []int64, remainingValue []kernels.Int128, threads int, m device.Machine) (*Averages, error) {
	slot := slots(l, subsystem)
	var all []entry
	var err error
	if keys := int64(len(slot.subsystem)) * int64(l.ProductTypes.N); m != nil && keys <= math.MaxInt32 {
		all, err = sumsOn(ctx, m, l, &slot, remainingAmount, remainingValue)
	} else {
		all, err = sumsHere(ctx, l, &slot, remainingAmount, remainingValue, threads)
	}
	if err != nil {
		return nil, err
	}
	return divide(l, &slot, all)
}

// sumsHere gives the totals by key, sorted.
func sumsHere(ctx context.Context, l *ledger.Ledger, slot *slotting, remainingAmount []int64, remainingValue []kernels.Int128, threads int) ([]entry, error) {
	r := &l.Resources
	types := int64(l.ProductTypes.N)
	ranges := shard.Ranges(r.N, shard.Pieces(r.N, grain))
	sums, err := shard.Fold(ctx, threads, len(ranges), func() *totals { return newTotals(int64(len(slot.subsystem)) * types) }, func(t *totals, piece int) error {
		for from := ranges[piece][0]; from < ranges[piece][1]; from += block {
			to := min(from+block, ranges[piece][1])
			for i := from; i < to; i++ {
				t.key[i-from] = slot.key(r, types, i)
			}
			if i := t.add(remainingAmount[from:to], remainingValue[from:to]); i >= 0 {
				return fmt.Errorf("averages: resource %s: column total_value: the sum does not fit 128 bits", resourceID(l, from+i))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var all []entry
	for _, t := range sums {
		all = t.append(all)
	}
	return merge(all)
}

// divide gives a row to each total.
func divide(l *ledger.Ledger, slot *slotting, all []entry) (*Averages, error) {
	types := int64(l.ProductTypes.N)
	a := &Averages{}
	for _, e := range all {
		if e.amount.Sign() <= 0 {
			continue
		}
		avg, ok := Ratio(e.value, e.amount)
		sub, typ := slot.subsystem[e.key/types], int32(e.key%types)
		if !ok {
			return nil, fmt.Errorf("averages: subsystem %s, product type %s: column average does not fit 128 bits", text(l, ledger.TCollectives, sub), text(l, ledger.TProductTypes, typ))
		}
		a.Subsystem, a.ProductType = append(a.Subsystem, sub), append(a.ProductType, typ)
		a.Value, a.Amount, a.Average = append(a.Value, e.value), append(a.Amount, e.amount), append(a.Average, avg)
	}
	return a, nil
}

// slotting numbers the subsystems that have collectives of distribution.
type slotting struct {
	of        []int32 // per collective: its subsystem's number, −1 for producers
	subsystem []int32 // per number, sorted
}

func slots(l *ledger.Ledger, subsystem []int32) slotting {
	s := slotting{of: make([]int32, l.Collectives.N)}
	number := make([]int32, l.Collectives.N)
	for c := range s.of {
		if l.Collectives.C2I[c] != 0 {
			number[subsystem[c]] = 1
		}
	}
	for c, n := range number {
		if n != 0 {
			number[c] = int32(len(s.subsystem))
			s.subsystem = append(s.subsystem, int32(c))
		}
	}
	for c := range s.of {
		s.of[c] = -1
		if l.Collectives.C2I[c] != 0 {
			s.of[c] = number[subsystem[c]]
		}
	}
	return s
}

// key is that of a resource: its subsystem's number · types + its type; −1: it has no part in the averages.
func (s *slotting) key(r *ledger.Resources, types int64, i int) int64 {
	number := s.of[r.Collective[i]]
	if number < 0 || r.Type[i] < 0 {
		return -1
	}
	return int64(number)*types + int64(r.Type[i])
}

// Ratio returns value/amount per whole unit (both per million), rounded half to even; ok is false when it does not fit
// 128 bits. amount must be positive.
func Ratio(value, amount kernels.Int128) (kernels.Int128, bool) {
	if value.Hi == 0 && amount.Hi == 0 {
		if hi, lo := bits.Mul64(value.Lo, 1_000_000); hi < amount.Lo {
			q, m := bits.Div64(hi, lo, amount.Lo)
			if left := amount.Lo - m; m > left || m == left && q&1 == 1 {
				return kernels.Int128{Lo: q}.AddInt64(1), true
			}
			return kernels.Int128{Lo: q}, true
		}
	}
	num := new(big.Int).Mul(value.Big(), big.NewInt(1_000_000))
	den := amount.Big()
	q, m := new(big.Int).DivMod(num, den, new(big.Int)) // 0 ≤ m < den
	switch m.Lsh(m, 1).Cmp(den) {
	case 1:
		q.Add(q, big.NewInt(1))
	case 0:
		q.Add(q, big.NewInt(int64(q.Bit(0))))
	}
	r, ok := kernels.FromBig(q)
	return r, ok && !r.IsNull()
}

// Tag is the value tag in µmin of q micro-units at the average value/amount: ⌈q·value/amount⌉. amount must be positive.
func Tag(q int64, value, amount kernels.Int128) (kernels.Int128, error) {
	if amount.Sign() <= 0 {
		return kernels.Int128{}, fmt.Errorf("value tag: the total amount %v is not positive", amount)
	}
	floor, ok := kernels.MulDivFloor(value, kernels.I128(q).Neg(), amount)
	if !ok || floor.IsNull() {
		return kernels.Int128{}, fmt.Errorf("value tag: %d·%v/%v does not fit 128 bits", q, value, amount)
	}
	return floor.Neg(), nil
}

func text(l *ledger.Ledger, t ledger.TableID, code int32) string {
	if ids := l.IDs[t]; ids != nil {
		return ids.Text(code)
	}
	return fmt.Sprint(code)
}

func resourceID(l *ledger.Ledger, code int) string {
	if l.ResourceIDs != nil {
		return l.ResourceIDs.Text(int32(code))
	}
	return fmt.Sprint(code)
}

// entry is the total of one (subsystem number, product type), key = number·types + type.
type entry struct {
	key           int64
	value, amount kernels.Int128
}

// merge sorts totals by key and adds those of one key.
func merge(all []entry) ([]entry, error) {
	if !sorted(all) {
		slices.SortFunc(all, func(a, b entry) int {
			if a.key < b.key {
				return -1
			}
			return int(min(a.key-b.key, 1))
		})
	}
	n := 0
	for _, e := range all {
		if n == 0 || all[n-1].key != e.key {
			all[n] = e
			n++
			continue
		}
		var ok1, ok2 bool
		all[n-1].value, ok1 = all[n-1].value.AddChecked(e.value)
		all[n-1].amount, ok2 = all[n-1].amount.AddChecked(e.amount)
		if !ok1 || !ok2 {
			return nil, fmt.Errorf("averages: column total_value: a sum does not fit 128 bits")
		}
	}
	return all[:n], nil
}

func sorted(all []entry) bool {
	return slices.IsSortedFunc(all, func(a, b entry) int { return int(max(min(a.key-b.key, 1), -1)) })
}
