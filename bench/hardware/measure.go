package hardware

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"planwerk/bench/peers/spmv"
	"planwerk/kernels"
	"planwerk/kernels/system"
)

// timing is what one run cost.
type timing struct{ wall, cpu time.Duration }

// aCase is a workload at one level on one number of threads.
type aCase struct {
	level   string
	threads int
	run     func() (timing, error)
	digest  func() (string, error) // of the run just before
	timings []timing
	result  string
}

func now() string { return time.Now().UTC().Format(time.RFC3339) }

// cpuTime is the processor time this process has used.
func cpuTime() time.Duration { return system.ProcessorTime() }

func timed(f func() error) (t timing, err error) {
	cpu, begun := cpuTime(), time.Now()
	err = f()
	t.wall = time.Since(begun)
	t.cpu = cpuTime() - cpu
	return t, err
}

// measure runs the cases of a workload in turn: once to warm up and for the digest, then for the clock.
func (e *env) measure(w workload, rates []Rate) ([]Row, error) {
	at, err := w.prepare(e)
	if err != nil {
		return nil, err
	}
	if at.close != nil {
		defer at.close()
	}
	cases, end, err := e.cases(&w, at)
	defer end()
	if err != nil {
		return nil, err
	}
	for run := range e.cfg.Runs + 1 {
		for _, c := range cases {
			if at.before != nil {
				if err := at.before(); err != nil {
					return nil, err
				}
			}
			t, err := c.run()
			if err != nil {
				return nil, fmt.Errorf("level %s: %w", c.level, err)
			}
			if run > 0 {
				c.timings = append(c.timings, t)
			} else if c.result, err = c.digest(); err != nil {
				return nil, fmt.Errorf("level %s: %w", c.level, err)
			}
		}
	}
	var rows []Row
	for _, c := range cases {
		rows = append(rows, c.row(&w, at, rates))
	}
	return rows, nil
}

// cases lists them; end must be called when they are done with, after an error too.
func (e *env) cases(w *workload, at *work) (list []*aCase, end func(), err error) {
	end = func() {}
	levels := e.levels
	if w.plain {
		levels = []string{best(e.levels)}
	}
	for _, level := range levels {
		switch {
		case level == CUDA:
			if at.onDevice != nil {
				digest := at.digest
				if at.deviceDigest != nil {
					digest = at.deviceDigest
				}
				list = append(list, &aCase{level: level, threads: 1, digest: digest, run: func() (timing, error) { return timed(at.onDevice) }})
			}
		case inC(level):
			if at.inC == nil {
				continue
			}
			peer, err := spmv.Start(e.ctx, e.gcc, e.dir, at.inC, level == GCCLarge)
			if err != nil {
				return nil, end, err
			}
			before := end
			end = func() {
				before()
				peer.Close()
			}
			list = append(list, &aCase{level: level, threads: 1, digest: peer.Digest, run: func() (t timing, err error) {
				t.wall, t.cpu, err = peer.Run()
				return t, err
			}})
		case level != "":
			l, err := kernels.ParseLevel(level)
			if err != nil {
				return nil, end, err
			}
			for _, threads := range e.threads {
				if threads > 1 && at.serial {
					continue
				}
				list = append(list, &aCase{level: level, threads: threads, digest: at.digest, run: func() (timing, error) {
					kernels.SetLevel(l)
					return timed(func() error { return at.run(threads) })
				}})
			}
		}
	}
	runtime.GC()
	return list, end, nil
}

// best is the highest level of processors among those measured; "" for none.
func best(levels []string) (found string) {
	for _, l := range levels {
		if l != CUDA && !inC(l) {
			found = l
		}
	}
	return found
}

// row sums up the timings.
func (c *aCase) row(w *workload, at *work, rates []Rate) Row {
	wall, cpu := make([]float64, len(c.timings)), make([]float64, len(c.timings))
	for i, t := range c.timings {
		wall[i], cpu[i] = t.wall.Seconds(), t.cpu.Seconds()
	}
	r := Row{Workload: w.name, Level: c.level, Threads: c.threads, Unit: w.unit, Items: at.items, FloorBytes: at.bytes, Floor: w.floor,
		Runs: len(wall), Seconds: median(wall), CPUSeconds: median(cpu), Fastest: slices.Min(wall), Digest: c.result, Note: at.note}
	if r.Seconds > 0 {
		r.PerSecond, r.BytesPerSecond = float64(r.Items)/r.Seconds, float64(r.FloorBytes)/r.Seconds
	}
	against := w.against
	if c.level == CUDA {
		against = deviceCopy
	}
	if rate := rateFor(rates, against, c.threads); rate > 0 && at.bytes > 0 {
		r.Share, r.Against = r.BytesPerSecond/rate, string(against)
	}
	return r
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	n := len(v)
	if n%2 == 1 {
		return v[n/2]
	}
	return (v[n/2-1] + v[n/2]) / 2
}
