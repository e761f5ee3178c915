package synth

import (
	"context"
	"math/big"
	"sync"
)

// books are the sums that the recorded revisions need, by segment and component, all in µmin.
type books struct {
	labour, common, waste [2][numComps]int64
	first                 [3]int64           // workloads before each segment, and before the current period
	revision              [2][numComps]int64 // ids, −1 where nothing was worked
	claims                [2]permutation     // the order in which the workloads of a segment are claimed
	rows                  []recorded
}

// recorded is one row of the table revisions.
type recorded struct {
	segment, comp int64
	n, m          int64 // the reduced tax rate
}

// setCuts finds the workloads of each segment and lists its revisions, without their rates.
func (w *world) setCuts() {
	bk := &w.book
	for g, after := range [3]int64{startTime, cut1, cut2} {
		bk.first[g] = searchInt64(w.cfg.Workloads, func(i int64) bool { return w.workTime(i, w.workload(i)) > after })
	}
	for g := range 2 {
		bk.claims[g] = newPermutation(w.claims(g), w.keys[rndClaim]+uint64(g))
		for c, worked := range w.worked(g) {
			bk.revision[g][c] = -1
			if worked {
				bk.revision[g][c] = int64(len(bk.rows))
				bk.rows = append(bk.rows, recorded{segment: int64(g), comp: int64(c)})
			}
		}
	}
}

// worked says in which components there are workloads in a segment; some of the first rows tell.
func (w *world) worked(g int) (found [numComps]bool) {
	left := numComps
	for i := w.book.first[g]; i < w.book.first[g+1] && left > 0; i++ {
		z, _ := w.zoneOf(w.workload(i).slot)
		if !found[comp(z)] {
			found[comp(z)] = true
			left--
		}
	}
	return found
}

// setRates sums what the recorded revisions need.
func (w *world) setRates(ctx context.Context) error {
	bk := &w.book
	w.sumLabour(ctx)
	for r := range w.rounds {
		if err := ctx.Err(); err != nil {
			return err
		}
		w.sumMachines(r)
		w.sumWaste(r)
	}
	for i := range bk.rows {
		x := &bk.rows[i]
		a := bk.labour[x.segment][x.comp]
		if a == 0 {
			return ctx.Err() // cancelled: there is labour in each of them
		}
		x.n, x.m = reduce(min(bk.common[x.segment][x.comp]+bk.waste[x.segment][x.comp], a), a)
	}
	return ctx.Err()
}

// searchInt64 is the smallest i in 0 … n for which ok(i), which is false then true.
func searchInt64(n int64, ok func(int64) bool) int64 {
	lo, hi := int64(0), n
	for lo < hi {
		if m := (lo + hi) >> 1; ok(m) {
			hi = m
		} else {
			lo = m + 1
		}
	}
	return lo
}

func reduce(n, m int64) (int64, int64) {
	g := new(big.Int).GCD(nil, nil, new(big.Int).Abs(big.NewInt(n)), big.NewInt(m)).Int64()
	return n / g, m / g
}

// sumLabour adds up the workloads of both segments on all threads; sums of integers do not depend on the cut.
func (w *world) sumLabour(ctx context.Context) {
	bk := &w.book
	var mu sync.Mutex
	var wg sync.WaitGroup
	const chunk = 1 << 20
	jobs := make(chan int64, w.cfg.Threads)
	for range w.cfg.Threads {
		wg.Go(func() {
			var a, c [2][numComps]int64
			for from := range jobs {
				w.sumChunk(from, min(from+chunk, bk.first[2]), &a, &c)
			}
			mu.Lock()
			defer mu.Unlock()
			for g := range a {
				for k := range a[g] {
					bk.labour[g][k] += a[g][k]
					bk.common[g][k] += c[g][k]
				}
			}
		})
	}
	for from := bk.first[0]; from < bk.first[2] && ctx.Err() == nil; from += chunk {
		jobs <- from
	}
	close(jobs)
	wg.Wait()
}

func (w *world) sumChunk(from, to int64, all, common *[2][numComps]int64) {
	for i := from; i < to; i++ {
		p := w.workload(i)
		g := 0
		if i >= w.book.first[1] {
			g = 1
		}
		z, local := w.zoneOf(p.slot)
		l := w.minutes(p)
		all[g][comp(z)] += l
		if isCommon(local) {
			common[g][comp(z)] += l
		}
	}
}

// sumMachines adds θ of the exclusive machines that a round's common productions used.
func (w *world) sumMachines(r int64) {
	for b := range w.makers {
		z, local := w.zoneOf(b)
		if !isCommon(local) {
			continue
		}
		for k := range w.allocs.n[b&3] {
			a := w.allocation(r, b, k)
			if !a.repurposed {
				continue
			}
			w.book.common[0][comp(z)] += w.repurposedValue(r, b, a, startTime, cut1)
			w.book.common[1][comp(z)] += w.repurposedValue(r, b, a, cut1, cut2)
		}
	}
}

// sumWaste adds a round's write-offs of exclusive goods and machines.
func (w *world) sumWaste(r int64) {
	add := func(x waste) {
		if x.common || x.time > cut2 {
			return
		}
		z, _ := w.zoneOf(x.slot)
		g := 0
		if x.time > cut1 {
			g = 1
		}
		w.book.waste[g][comp(z)] += x.value
	}
	if w.roundStart(r) > cut2 {
		return
	}
	if r < w.rounds-1 {
		for i := range w.slots - w.makers {
			add(w.wasteLabour(r, i))
		}
	}
	for q := range w.brokenIn(r) {
		add(w.wasteMachine(r, q))
	}
}

// rate is the recorded tax rate of a workload's segment and zone.
func (w *world) rate(g, z int64) *recorded { return &w.book.rows[w.book.revision[g][comp(z)]] }
