package cuda

import (
	"fmt"
	"math"

	"planwerk/kernels"
)

// mostRows bounds the rows of a sum: the lower halves of so many values fit 64 bits.
const mostRows = math.MaxInt32

// sumThreads is how many threads share the rows of a sum.
const sumThreads = 1 << 17

// GroupSums adds value[i] to the group group[i]; rows of negative groups are left out.
func (d *Device) GroupSums(group []int32, value []int64, groups int) ([]kernels.Int128, error) {
	if len(group) != len(value) || len(value) > mostRows {
		return nil, fmt.Errorf("cuda: sums of %d values in %d groups' rows", len(value), len(group))
	}
	for i, g := range group {
		if int(g) >= groups {
			return nil, fmt.Errorf("cuda: row %d is of group %d, there are %d", i, g, groups)
		}
	}
	out := make([]kernels.Int128, groups)
	m := &memory{Device: d}
	return out, d.do(func() error {
		return m.sums("the grouped sums", value, len(group)*4, out, func(values, lower, upper Pointer) error {
			ids, err := place(m, group)
			if err != nil {
				return err
			}
			return d.launch("groupSum", int64(min(len(value), sumThreads)), 1, ids, values, len(value), groups, lower, upper)
		})
	})
}

// MaskedSum adds the values whose bit is set, bit i%64 of mask[i/64].
func (d *Device) MaskedSum(mask []uint64, value []int64) (kernels.Int128, error) {
	if len(mask) < (len(value)+63)/64 || len(value) > mostRows {
		return kernels.Int128{}, fmt.Errorf("cuda: a mask of %d words for %d values", len(mask), len(value))
	}
	out := make([]kernels.Int128, 1)
	m := &memory{Device: d}
	err := d.do(func() error {
		return m.sums("the masked sum", value, len(mask)*8, out, func(values, lower, upper Pointer) error {
			bits, err := place(m, mask)
			if err != nil {
				return err
			}
			return d.launch("maskedSum", int64(min(len(value), sumThreads)), 1, bits, values, len(value), lower, upper)
		})
	})
	return out[0], err
}

// sums places the values, lets a kernel add their halves and joins these.
func (m *memory) sums(what string, value []int64, more int, out []kernels.Int128, add func(values, lower, upper Pointer) error) (err error) {
	defer func() {
		if freed := m.free(); err == nil {
			err = freed
		}
	}()
	if err := m.room(what, int64(len(value))*8+int64(more)+int64(len(out))*16); err != nil {
		return err
	}
	values, err := place(m, value)
	if err != nil {
		return err
	}
	var lower, upper Pointer
	if err := m.vectors(len(out), &lower, &upper); err != nil {
		return err
	}
	if err := add(values, lower, upper); err != nil {
		return err
	}
	low, high := make([]uint64, len(out)), make([]int64, len(out))
	if err := toHost(m.Device, low, lower); err != nil {
		return err
	}
	if err := toHost(m.Device, high, upper); err != nil {
		return err
	}
	for i := range out {
		out[i] = kernels.MulInt64(high[i], 1<<32).Add(kernels.Int128{Lo: low[i]})
	}
	return nil
}
