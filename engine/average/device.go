package average

import (
	"context"
	"fmt"

	"planwerk/engine/ledger"
	"planwerk/kernels"
	"planwerk/kernels/device"
)

// sumsOn is sumsHere with the rows whose values fit 64 bits summed on another machine; the few others are summed here.
func sumsOn(ctx context.Context, m device.Machine, l *ledger.Ledger, slot *slotting, amount []int64, value []kernels.Int128) ([]entry, error) {
	r, types := &l.Resources, int64(l.ProductTypes.N)
	keys := int(int64(len(slot.subsystem)) * types)
	group := func(i int) int32 {
		if !value[i].IsInt64() {
			return -1
		}
		return int32(slot.key(r, types, i))
	}
	amounts, err := device.SumRows(ctx, m, r.N, keys, func(from, to int, to32 []int32, to64 []int64) {
		for i := from; i < to; i++ {
			to32[i-from], to64[i-from] = group(i), amount[i]
		}
	})
	if err != nil {
		return nil, err
	}
	values, err := device.SumRows(ctx, m, r.N, keys, func(from, to int, to32 []int32, to64 []int64) {
		for i := from; i < to; i++ {
			if to32[i-from] = group(i); to32[i-from] >= 0 {
				to64[i-from] = value[i].Int64()
			}
		}
	})
	if err != nil {
		return nil, err
	}
	wide := &totals{slots: emptySlots(1 << 6)}
	for i := range r.N {
		if key := slot.key(r, types, i); key >= 0 && !value[i].IsInt64() && !value[i].IsNull() && !wide.addWide(key, amount[i], value[i]) {
			return nil, fmt.Errorf("averages: resource %s: column total_value: the sum does not fit 128 bits", resourceID(l, i))
		}
	}
	var all []entry
	for key := range keys {
		if amounts[key].Sign() != 0 || values[key].Sign() != 0 {
			all = append(all, entry{key: int64(key), amount: amounts[key], value: values[key]})
		}
	}
	return merge(wide.append(all))
}
