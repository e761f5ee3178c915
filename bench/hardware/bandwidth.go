package hardware

import (
	"fmt"
	"sync"
	"time"

	"planwerk/kernels"
)

// rateOf names a rate of the machine.
type rateOf string

const (
	read       rateOf = "read"        // one array, summed
	triad      rateOf = "triad"       // a = b + s·c: 24 bytes an entry counted; a processor that fetches a before it writes it moves 32
	deviceCopy rateOf = "device copy" // the GPU's memory, read and written
)

// Rate is a bandwidth of the machine.
type Rate struct {
	What    string  `json:"what"`
	Threads int     `json:"threads"`
	Bytes   int64   `json:"bytes"` // streamed over
	PerSec  float64 `json:"bytes_per_second"`
}

func rateFor(rates []Rate, what rateOf, threads int) float64 {
	for _, r := range rates {
		if r.What == string(what) && r.Threads == threads {
			return r.PerSec
		}
	}
	return 0
}

// copier is a machine that can tell the bandwidth of its memory.
type copier interface {
	CopyRate(bytes int64, times int) (bytesPerSecond float64, err error)
}

// bandwidth streams over 1.5 GiB (quick: 24 MiB, in the cache of many machines), the best of several passes: a rate is what
// the machine can do.
func (e *env) bandwidth() ([]Rate, error) {
	n := e.pick(1<<20, 1<<26)
	a, b, c := kernels.Large[float64](n), kernels.Large[float64](n), kernels.Large[float64](n)
	for i := range a {
		a[i], b[i], c[i] = 1, float64(i&7), 2
	}
	kernels.SetLevel(kernels.MachineLevel())
	var rates []Rate
	for _, threads := range e.threads {
		rates = append(rates,
			e.stream(read, threads, int64(n)*24, func(lo, hi int) {
				kernels.SumFloat64(a[lo:hi])
				kernels.SumFloat64(b[lo:hi])
				kernels.SumFloat64(c[lo:hi])
			}, n),
			e.stream(triad, threads, int64(n)*24, func(lo, hi int) { triadOver(a[lo:hi], b[lo:hi], c[lo:hi], 3) }, n))
	}
	if m, ok := e.cfg.Device.(copier); ok {
		bytes := int64(e.pick(1<<22, 1<<30))
		rate, err := m.CopyRate(bytes, e.cfg.Runs)
		if err != nil {
			return nil, fmt.Errorf("device copy: %w", err)
		}
		rates = append(rates, Rate{string(deviceCopy), 1, bytes, rate})
	}
	return rates, nil
}

// triadOver is the triad of STREAM.
func triadOver(a, b, c []float64, s float64) {
	b, c = b[:len(a)], c[:len(a)]
	for i := range a {
		a[i] = b[i] + float64(s*c[i])
	}
}

// stream lets every thread do a stretch of n entries of its own and gives the best rate of several passes.
func (e *env) stream(what rateOf, threads int, bytes int64, f func(lo, hi int), n int) Rate {
	best := time.Duration(1 << 62)
	for range max(e.cfg.Runs, 8) {
		begun := time.Now()
		var all sync.WaitGroup
		for t := range threads {
			all.Go(func() { f(n*t/threads, n*(t+1)/threads) })
		}
		all.Wait()
		best = min(best, time.Since(begun))
	}
	return Rate{string(what), threads, bytes, float64(bytes) / best.Seconds()}
}
