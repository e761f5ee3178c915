package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"planwerk/arrow"
	"planwerk/bench"
	"planwerk/engine/average"
	"planwerk/engine/shard"
	"planwerk/kernels"
	"planwerk/kernels/system"
)

// source hands blocks of the table to workers, each worker one at a time.
type source func(visit func(worker int, b *arrow.IntBlock) error) error

// result is totals by type, and their quotients: null where a type does not occur.
type result struct {
	amount, value, average []kernels.Int128
}

// totals are planwerk's: sums by type of each worker, put together.
func totals(from source, threads int) (*result, error) {
	sums := make([]*kernels.PairSums, threads)
	err := from(func(w int, b *arrow.IntBlock) error {
		if sums[w] == nil {
			sums[w] = kernels.NewPairSums(types)
		}
		sums[w].Add(b.Cols[0].Narrow, b.Cols[1].Wide, b.Cols[2].Wide)
		return nil
	})
	if err != nil {
		return nil, err
	}
	sums = slices.DeleteFunc(sums, func(s *kernels.PairSums) bool { return s == nil })
	r := &result{make([]kernels.Int128, types), make([]kernels.Int128, types), make([]kernels.Int128, types)}
	ranges := shard.Ranges(types, 16)
	return r, shard.Run(context.Background(), threads, len(ranges), func(k int) error { return r.join(sums, ranges[k][0], ranges[k][1]) })
}

// join adds up what the workers have of some types and divides.
func (r *result) join(sums []*kernels.PairSums, from, to int) error {
	for c := from; c < to; c++ {
		var amount, value kernels.Int128
		for _, s := range sums {
			x, y := s.At(c)
			amount, value = amount.Add(x), value.Add(y)
		}
		r.amount[c], r.value[c], r.average[c] = amount, value, kernels.NullInt128
		if amount.Sign() > 0 {
			avg, ok := average.Ratio(value, amount)
			if !ok {
				return fmt.Errorf("type %d: the average does not fit 128 bits", c)
			}
			r.average[c] = avg
		}
	}
	return nil
}

// fromFile scans a file.
func fromFile(path string, threads int) source {
	return func(visit func(int, *arrow.IntBlock) error) error {
		return arrow.ScanInts(context.Background(), arrow.File{Path: path, Name: path, Rows: -1}, columns, arrow.Options{Threads: threads}, visit)
	}
}

// held is the table in memory.
type held struct {
	code          []int32
	amount, value []int64
}

// grain is the number of rows that a thread takes at once.
const grain = 1 << 18

// load reads the table into memory.
func load(path string, rows int64, threads int) (*held, error) {
	t := &held{make([]int32, rows), make([]int64, rows), make([]int64, rows)}
	return t, fromFile(path, threads)(func(_ int, b *arrow.IntBlock) error {
		copy(t.code[b.First:], b.Cols[0].Narrow)
		copy(t.amount[b.First:], b.Cols[1].Wide)
		copy(t.value[b.First:], b.Cols[2].Wide)
		return nil
	})
}

// pieces hands ranges of n items, grain of them at once, to threads as they are free.
func pieces(n, threads int, f func(w, from, to int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for w := range threads {
		wg.Go(func() {
			for {
				from := int(next.Add(grain) - grain)
				if from >= n {
					return
				}
				f(w, from, min(from+grain, n))
			}
		})
	}
	wg.Wait()
}

func (t *held) source(threads int) source {
	return func(visit func(int, *arrow.IntBlock) error) error {
		var failure atomic.Pointer[error]
		pieces(len(t.code), threads, func(w, from, to int) {
			b := arrow.IntBlock{First: int64(from), Rows: to - from, Cols: []arrow.IntVector{{Narrow: t.code[from:to]}, {Wide: t.amount[from:to]}, {Wide: t.value[from:to]}}}
			if err := visit(w, &b); err != nil {
				failure.Store(&err)
			}
		})
		if err := failure.Load(); err != nil {
			return *err
		}
		return nil
	}
}

// floor reads every byte of the table once: sums in vector registers, the fastest reading loop there is here.
func (t *held) floor(threads int) {
	sums := make([]kernels.Int128, threads)
	pieces(len(t.code), threads, func(w, from, to int) {
		codes := t.code[from : from+(to-from)&^1]
		s := kernels.SumInt64(unsafe.Slice((*int64)(unsafe.Pointer(unsafe.SliceData(codes))), len(codes)/2))
		sums[w] = sums[w].Add(s).Add(kernels.SumInt64(t.amount[from:to])).Add(kernels.SumInt64(t.value[from:to]))
	})
	runtime.KeepAlive(sums)
}

// fileFloor maps a file and reads every byte of it once.
func fileFloor(path string, threads int) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	data, err := system.MapFile(f, st.Size(), false)
	if err != nil {
		return err
	}
	words := unsafe.Slice((*int64)(unsafe.Pointer(unsafe.SliceData(data))), len(data)/8)
	sums := make([]kernels.Int128, threads)
	pieces(len(words), threads, func(w, from, to int) { sums[w] = sums[w].Add(kernels.SumInt64(words[from:to])) })
	runtime.KeepAlive(sums)
	return system.Unmap(data)
}

// work measures planwerk from one source and prints the measurement.
func work(cfg *config, mode, answer string) error {
	m := measurement{Engine: "planwerk", Version: bench.Commit(), Mode: mode}
	from := fromFile(cfg.parquet(), cfg.threads)
	var t *held
	floor := func() error { return nil }
	switch mode {
	case modeIPC:
		from = fromFile(cfg.ipc(), cfg.threads)
		floor = func() error { return fileFloor(cfg.ipc(), cfg.threads) }
	case modeMemory:
		var err error
		if t, err = load(cfg.ipc(), cfg.rows, cfg.threads); err != nil {
			return err
		}
		from = t.source(cfg.threads)
		floor = func() error { t.floor(cfg.threads); return nil }
	}
	var answers *result
	for i := range cfg.repeat + 1 {
		var err error
		took := timed(func() { err = floor() })
		if err != nil {
			return err
		}
		if i > 0 && mode != modeParquet {
			m.Floor = append(m.Floor, took)
		}
		took = timed(func() { answers, err = totals(from, cfg.threads) })
		if err != nil {
			return err
		}
		if i > 0 {
			m.Runs = append(m.Runs, took)
		}
	}
	m.PeakBytes = system.PeakOfThis()
	if err := writeAnswer(answer, answers); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(&m)
}

func timed(f func()) engineRun {
	begun, cpu := time.Now(), bench.ProcessorTime()
	f()
	return engineRun{time.Since(begun).Seconds(), bench.ProcessorTime() - cpu}
}

// writeAnswer writes type, total amount and total value of every type that occurs, by type.
func writeAnswer(path string, r *result) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for c := range types {
		if amount, value := r.amount[c], r.value[c]; amount.Sign() != 0 || value.Sign() != 0 {
			fmt.Fprintf(w, "%d,%v,%v\n", c, amount, value)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}
