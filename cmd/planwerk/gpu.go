package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"planwerk/arrow"
	"planwerk/kernels"
	"planwerk/kernels/cuda"
	"planwerk/kernels/device"
)

// graphics is the GPU of one run of the program, looked for once and only when wanted.
type graphics struct {
	once   sync.Once
	device *cuda.Device
	err    error

	mu      sync.Mutex
	offered bool   // a solver may use it at --level auto
	failure string // why processors took over; "": they did not
	used    atomic.Int64
}

// counted is the GPU, and counts what it is given to do.
type counted struct {
	device.Machine
	used *atomic.Int64
}

func (c counted) Halpern(p *device.Program) (device.Halpern, error) {
	c.used.Add(1)
	return c.Machine.Halpern(p)
}

func (c counted) Block(b *device.BlockProgram) (device.Block, error) {
	c.used.Add(1)
	return c.Machine.Block(b)
}

func (c counted) Reach(g *device.Graph) (sums, counts []uint64, err error) {
	c.used.Add(1)
	return c.Machine.Reach(g)
}

func (c counted) GroupSums(group []int32, value []int64, groups int) ([]kernels.Int128, error) {
	c.used.Add(1)
	return c.Machine.GroupSums(group, value, groups)
}

func (c counted) MaskedSum(mask []uint64, value []int64) (kernels.Int128, error) {
	c.used.Add(1)
	return c.Machine.MaskedSum(mask, value)
}

func (g *graphics) open() (*cuda.Device, error) {
	g.once.Do(func() { g.device, g.err = cuda.Open() })
	return g.device, g.err
}

// needGPU finds the GPU that --level cuda asks for; no other level needs one.
func (sh *shell) needGPU() error {
	if sh.level != "cuda" {
		return nil
	}
	if _, err := sh.gpu.open(); err != nil {
		return usagef("--level cuda: %w", err)
	}
	return nil
}

// machine is the GPU for work at --level cuda, and nil at other levels.
func (sh *shell) machine() device.Machine {
	if sh.level != "cuda" {
		return nil
	}
	return sh.solver().machine
}

// solverGPU is where a linear program may iterate.
type solverGPU struct {
	machine  device.Machine
	fallback func(error) // nil: an error of the GPU is the error of the command
}

// solver gives the GPU for linear programs: at --level cuda it must do; at auto it may, and processors take over what it
// cannot do, with a warning.
func (sh *shell) solver() (s solverGPU) {
	if sh.level != "cuda" && sh.level != "auto" {
		return s
	}
	d, err := sh.gpu.open()
	if err != nil { // at cuda the command has ended already; at auto the summary says why
		sh.gpu.note(err)
		return s
	}
	s.machine = counted{d, &sh.gpu.used}
	if sh.level == "auto" {
		sh.gpu.note(nil)
		s.fallback = func(err error) {
			sh.gpu.note(err)
			sh.log.Warn("the GPU cannot do it, processors take over", "reason", err)
		}
	}
	return s
}

// levelName names the level of a run that is done: cuda if a GPU had to do with it, or that of the kernels.
func (sh *shell) levelName() string {
	if sh.level == "cuda" && sh.gpu.used.Load() > 0 {
		return "cuda"
	}
	return levelInUse()
}

// levelAsked names the level that work of this command line would run at.
func (sh *shell) levelAsked() string {
	if sh.level == "cuda" {
		return "cuda"
	}
	return levelInUse()
}

// note keeps what became of the GPU at --level auto.
func (g *graphics) note(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.offered = true
	if err != nil {
		g.failure = err.Error()
	}
}

// gpuUse says in a summary and a manifest what a GPU had to do with a run; "" at a level that names the processors.
func (sh *shell) gpuUse() string {
	g := &sh.gpu
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case sh.level == "cuda" && g.used.Load() == 0:
		return "not used: processors did all of this run; " + g.device.Name() + " was there"
	case sh.level == "cuda":
		return g.device.Name()
	case sh.level != "auto":
		return ""
	case g.failure != "":
		return "processors took over: " + g.failure
	case g.offered && g.used.Load() == 0:
		return "not used: no program was large enough for " + g.device.Name()
	case g.offered:
		return "programs large enough for it went to " + g.device.Name()
	}
	return "not used: at --level auto only linear programs go to a GPU"
}

// runOf begins the account of a run in a manifest.
func (sh *shell) runOf(begun time.Time) arrow.Run {
	r := arrow.Run{Level: sh.levelName(), Started: begun.UTC().Format(time.RFC3339)}
	if use := sh.gpuUse(); use != "" {
		r.Settings = append(r.Settings, arrow.Parameter{Name: "gpu", Value: use})
	}
	return r
}

// gpuInfo is what "planwerk info" says of the GPU.
type gpuInfo struct {
	Name       string `json:"name,omitempty"`
	Memory     int64  `json:"memory_bytes,omitempty"`
	Free       int64  `json:"free_bytes,omitempty"`
	Capability string `json:"compute_capability,omitempty"`
	CUDA       string `json:"driver_cuda,omitempty"` // the newest CUDA the driver knows
	Binding    string `json:"binding,omitempty"`
	Missing    string `json:"missing,omitempty"` // why there is none; processors do the work
}

func (sh *shell) describeGPU() gpuInfo {
	d, err := sh.gpu.open()
	if err != nil {
		return gpuInfo{Missing: err.Error()}
	}
	g := gpuInfo{Name: d.Name(), Memory: d.Bytes, Capability: fmt.Sprintf("%d.%d", d.Major, d.Minor),
		CUDA: fmt.Sprintf("%d.%d", d.Driver/1000, d.Driver%1000/10), Binding: d.Binding}
	if g.Free, _, err = d.Memory(); err != nil {
		g.Missing = err.Error()
	}
	return g
}

func (g gpuInfo) String() string {
	if g.Name == "" {
		return g.Missing + "; processors do the work"
	}
	return fmt.Sprintf("%s, %s, %s free, compute capability %s, driver for CUDA %s through %s", g.Name, humanBytes(g.Memory), humanBytes(g.Free),
		g.Capability, g.CUDA, g.Binding)
}
