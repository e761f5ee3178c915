package hardware

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"

	"planwerk/bench"
	"planwerk/kernels"
	"planwerk/kernels/device"
)

// Config says what to measure. The zero value measures everything, at full size, on all cores.
type Config struct {
	Quick    bool     // small sizes, all in cache: to see that it works and computes the same bits
	Only     []string // workloads whose name contains one of these; nil: all
	Levels   []string // of kernels, CUDA, GCC; nil: all the machine has
	Threads  int      // 0: all cores. Workloads that can share their work run on one thread and on so many.
	Runs     int      // timed runs of each case; below 5: 5
	Dir      string   // for files; a folder below it is made and removed. "": the system's
	Device   device.Machine
	NoDevice string // why there is none
	Version  string // of planwerk
	Progress func(workload string, done, total int)
}

// Levels beside those of the kernels: a GPU, and the same loop in C as gcc -O3 -march=native compiles it, in memory as
// malloc gives it and in large pages.
const (
	CUDA     = "cuda"
	GCC      = "gcc"
	GCCLarge = "gcc, large pages"
)

// inC says that a level is C's.
func inC(level string) bool { return level == GCC || level == GCCLarge }

// Report is what was measured.
type Report struct {
	Time      string      `json:"time"` // RFC 3339, UTC
	Size      string      `json:"size"` // full or quick
	Machine   MachineInfo `json:"machine"`
	Commit    string      `json:"commit"`
	Version   string      `json:"planwerk"`
	Go        string      `json:"go"`
	Levels    []string    `json:"levels"`
	Threads   int         `json:"threads"`
	Bandwidth []Rate      `json:"bandwidth"`
	Rows      []Row       `json:"rows"`
	Notices   []string    `json:"notices"`
	File      string      `json:"-"` // that it was read from
}

// Row is one workload at one level on one number of threads.
type Row struct {
	Workload       string  `json:"workload"`
	Level          string  `json:"level"`
	Threads        int     `json:"threads"`
	Unit           string  `json:"unit"` // of items
	Items          int64   `json:"items"`
	FloorBytes     int64   `json:"floor_bytes"` // 0: none is given
	Floor          string  `json:"floor"`       // what they are
	Runs           int     `json:"runs"`
	Seconds        float64 `json:"seconds"` // median
	CPUSeconds     float64 `json:"cpu_seconds"`
	Fastest        float64 `json:"fastest_seconds"`
	PerSecond      float64 `json:"items_per_second"`
	BytesPerSecond float64 `json:"bytes_per_second,omitempty"`
	Share          float64 `json:"share_of_bandwidth,omitempty"`
	Against        string  `json:"against,omitempty"` // the rate that the share is of
	Digest         string  `json:"digest"`            // of the result's bits
	Note           string  `json:"note,omitempty"`
}

// Run measures.
func Run(ctx context.Context, cfg Config) (*Report, error) {
	e, err := newEnv(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(e.dir)
	before, _ := kernels.LevelInUse()
	defer kernels.SetLevel(before)
	chosen := e.chosen()
	if len(chosen) == 0 {
		return nil, fmt.Errorf("no workload is called %s; there are %s", strings.Join(cfg.Only, "; "), strings.Join(Names(), "; "))
	}
	r := &Report{Time: now(), Size: e.size(), Machine: DescribeMachine(), Commit: bench.Commit(), Version: cfg.Version, Go: runtime.Version(),
		Levels: e.levels, Threads: e.threads[len(e.threads)-1], Notices: e.notices}
	if e.cfg.Device != nil {
		r.Machine.GPU = e.cfg.Device.Name()
	}
	total := len(chosen) + 1
	e.progress("bandwidth", 0, total)
	if r.Bandwidth, err = e.bandwidth(); err != nil {
		return nil, err
	}
	for i, w := range chosen {
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		e.progress(w.name, i+1, total)
		rows, err := e.measure(w, r.Bandwidth)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w.name, err)
		}
		r.Rows = append(r.Rows, rows...)
		runtime.GC()
	}
	e.progress("done", total, total)
	return r, r.check()
}

// env is a report under way.
type env struct {
	ctx     context.Context
	cfg     Config
	levels  []string
	threads []int // one, and all
	dir     string
	gcc     string // path of the compiler; "": none
	notices []string
	made    map[string]string // exports that were generated, by what they are
}

func newEnv(ctx context.Context, cfg Config) (*env, error) {
	e := &env{ctx: ctx, cfg: cfg, made: map[string]string{}}
	e.cfg.Runs = max(cfg.Runs, 5)
	if cfg.Threads <= 0 {
		cfg.Threads = runtime.NumCPU()
	}
	if e.threads = []int{1}; cfg.Threads > 1 {
		e.threads = append(e.threads, cfg.Threads)
	}
	if err := e.chooseLevels(); err != nil {
		return nil, err
	}
	var err error
	e.dir, err = os.MkdirTemp(cfg.Dir, "planwerk-bench-")
	return e, err
}

// chooseLevels takes those asked for, or all there are.
func (e *env) chooseLevels() error {
	for l := kernels.Scalar; l <= kernels.MachineLevel(); l++ {
		e.levels = append(e.levels, l.String())
	}
	if e.cfg.Device != nil {
		e.levels = append(e.levels, CUDA)
	} else if e.cfg.NoDevice != "" {
		e.notices = append(e.notices, "level cuda is left out: "+e.cfg.NoDevice)
	}
	if path, ok := findGCC(); ok {
		e.gcc = path
		e.levels = append(e.levels, GCC, GCCLarge)
	} else {
		e.notices = append(e.notices, "the rows of gcc are left out: it is not installed")
	}
	if e.cfg.Levels == nil {
		return nil
	}
	for _, l := range e.cfg.Levels {
		if !slices.Contains(e.levels, l) {
			return fmt.Errorf("level %s: this machine has %s", l, strings.Join(e.levels, ", "))
		}
	}
	e.levels = slices.DeleteFunc(e.levels, func(l string) bool { return !slices.Contains(e.cfg.Levels, l) })
	return nil
}

func (e *env) size() string {
	if e.cfg.Quick {
		return "quick"
	}
	return "full"
}

// pick gives the size of something.
func (e *env) pick(quick, full int) int {
	if e.cfg.Quick {
		return quick
	}
	return full
}

func (e *env) progress(workload string, done, total int) {
	if e.cfg.Progress != nil {
		e.cfg.Progress(workload, done, total)
	}
}

// chosen are the workloads that Only names.
func (e *env) chosen() (list []workload) {
	for _, w := range workloads() {
		if e.cfg.Only == nil || slices.ContainsFunc(e.cfg.Only, func(s string) bool { return strings.Contains(w.name, s) }) {
			list = append(list, w)
		}
	}
	return list
}

// Names lists the workloads.
func Names() (list []string) {
	for _, w := range workloads() {
		list = append(list, w.name)
	}
	return list
}

// Differs is the error of a workload whose result hangs on the level or the threads.
type Differs struct{ Rows [2]Row }

func (d *Differs) Error() string {
	a, b := d.Rows[0], d.Rows[1]
	return fmt.Sprintf("%s: %s on %d threads gives %s, %s on %d threads gives %s", a.Workload, a.Level, a.Threads, a.Digest, b.Level, b.Threads, b.Digest)
}

// check compares the digests of each workload. The sums of C run in another order, so its floats have no digest.
func (r *Report) check() error {
	first := map[string]Row{}
	for _, row := range r.Rows {
		if row.Digest == "" {
			continue
		}
		other, seen := first[row.Workload]
		if !seen {
			first[row.Workload] = row
		} else if other.Digest != row.Digest {
			return &Differs{[2]Row{other, row}}
		}
	}
	return nil
}
