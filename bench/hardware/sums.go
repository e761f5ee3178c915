package hardware

import (
	"slices"

	"planwerk/bench/peers/spmv"
	"planwerk/engine/average"
	"planwerk/engine/shard"
	"planwerk/kernels"
)

// stretch is how many rows a thread takes at a time: they stay in the second-level cache between two passes over them.
const stretch = 1 << 14

// threadSums runs f over stretches of n rows, each thread with sums of its own, and adds these up.
func threadSums(e *env, threads, n, groups int, f func(sums []kernels.Int128, lo, hi int)) ([]kernels.Int128, error) {
	ranges := shard.Ranges(n, shard.Pieces(n, stretch))
	parts, err := shard.Fold(e.ctx, threads, len(ranges), func() []kernels.Int128 { return kernels.Large[kernels.Int128](groups) },
		func(sums []kernels.Int128, piece int) error {
			f(sums, ranges[piece][0], ranges[piece][1])
			return nil
		})
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	total := parts[0]
	for _, p := range parts[1:] {
		for i := range total {
			total[i] = total[i].Add(p[i])
		}
	}
	return total, nil
}

// averages sums amount and value by product type, Zipf over 100 k, and divides.
func averages(e *env) (*work, error) {
	n, types := e.pick(1<<16, 1<<26), e.pick(1000, 100_000)
	code, amount, value := kernels.Large[int32](n), kernels.Large[int64](n), kernels.Large[int64](n)
	s, z := source(1), newZipf(types)
	for i := range code {
		code[i], amount[i] = z.draw(&s), 1+int64(s.next()>>40)
		value[i] = amount[i] * int64(1+s.next()>>58)
	}
	var sums, result []kernels.Int128
	ranges := shard.Ranges(n, shard.Pieces(n, 1<<20))
	return &work{items: int64(n), bytes: 20 * int64(n),
		run: func(threads int) error {
			parts, err := shard.Fold(e.ctx, threads, len(ranges), func() *kernels.PairSums { return kernels.NewPairSums(types) },
				func(sums *kernels.PairSums, piece int) error {
					lo, hi := ranges[piece][0], ranges[piece][1]
					sums.Add(code[lo:hi], amount[lo:hi], value[lo:hi])
					return nil
				})
			if err != nil {
				return err
			}
			sums, result = make([]kernels.Int128, 2*types), result[:0]
			for _, other := range parts[1:] {
				parts[0].AddSums(other)
			}
			for t := range types {
				sums[t], sums[types+t] = parts[0].At(t)
				avg := kernels.Int128{}
				if sums[t].Sign() > 0 {
					avg, _ = average.Ratio(sums[types+t], sums[t])
				}
				result = append(result, avg)
			}
			return nil
		},
		digest: func() (string, error) { return add(add(newDigester(), sums), result).text() },
		inC: &spmv.Work{Kind: spmv.Averages, Rows: n, Groups: types, Code: code, Amount: amount, Value: value,
			Sums: func(got []kernels.Int128) (string, error) {
				var avg []kernels.Int128
				for t := range types {
					a := kernels.Int128{}
					if got[t].Sign() > 0 {
						a, _ = average.Ratio(got[types+t], got[t])
					}
					avg = append(avg, a)
				}
				return add(add(newDigester(), got), avg).text()
			}},
	}, nil
}

func groupedSmall(e *env) (*work, error) {
	return grouped(e, e.pick(1<<16, 1<<26), 1000)
}

func groupedLarge(e *env) (*work, error) {
	return grouped(e, e.pick(1<<16, 1<<26), e.pick(1<<14, 1<<22))
}

// grouped sums values of either sign by group, all groups alike. One thread adds at a time: with large domains sums of
// every thread would be the greater part of the work.
func grouped(e *env, n, groups int) (*work, error) {
	code, value := kernels.Large[int32](n), kernels.Large[int64](n)
	s := source(2)
	for i := range code {
		code[i], value[i] = int32(s.below(groups)), int64(s.next())
	}
	sums := kernels.Large[kernels.Int128](groups)
	return &work{items: int64(n), bytes: 12*int64(n) + 32*int64(groups), serial: true,
		run: func(int) error {
			clear(sums)
			for lo := 0; lo < n; lo += stretch {
				hi := min(lo+stretch, n)
				kernels.GroupSum(sums, code[lo:hi], value[lo:hi])
			}
			return nil
		},
		onDevice: func() (err error) {
			sums, err = e.cfg.Device.GroupSums(code, value, groups)
			return err
		},
		digest: func() (string, error) { return add(newDigester(), sums).text() },
	}, nil
}

// maskedSums sums the values of rows within a window of time and with wanted flags.
func maskedSums(e *env) (*work, error) {
	n := e.pick(1<<16, 1<<26)
	t, flags, value := kernels.Large[int64](n), kernels.Large[uint8](n), kernels.Large[int64](n)
	s := source(3)
	for i := range t {
		t[i], flags[i], value[i] = int64(s.next()>>1), uint8(s.next()>>62), int64(s.next())
	}
	const after, until = 1 << 61, 1 << 62
	mark := make([]uint64, n/64)
	marks := func(lo, hi int) {
		kernels.MarkWindow(mark[lo/64:hi/64], t[lo:hi], after, until)
		kernels.MarkFlags(mark[lo/64:hi/64], flags[lo:hi], 3, 1)
	}
	var sum []kernels.Int128
	return &work{items: int64(n), bytes: 17 * int64(n),
		run: func(threads int) (err error) {
			sum, err = threadSums(e, threads, n, 1, func(sum []kernels.Int128, lo, hi int) {
				marks(lo, hi)
				sum[0] = sum[0].Add(kernels.SumMarked(value[lo:hi], mark[lo/64:hi/64]))
			})
			return err
		},
		onDevice: func() error { // the marks are made here
			marks(0, n)
			one, err := e.cfg.Device.MaskedSum(mark, value)
			sum = []kernels.Int128{one}
			return err
		},
		digest: func() (string, error) { return add(newDigester(), sum).text() },
	}, nil
}

func prefixSums(e *env) (*work, error) {
	n := e.pick(1<<16, 1<<26)
	x, out := kernels.Large[int64](n), kernels.Large[int64](n)
	s := source(4)
	for i := range x {
		x[i] = int64(s.next() >> 20)
	}
	return &work{items: int64(n), bytes: 16 * int64(n), serial: true,
		run: func(int) error {
			kernels.PrefixSum(out, x)
			return nil
		},
		digest: func() (string, error) { return add(newDigester(), slices.Clone(out)).text() },
	}, nil
}
