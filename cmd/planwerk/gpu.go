package main

import (
	"fmt"
	"sync"
	"time"

	"planwerk/arrow"
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
	s.machine = d
	if sh.level == "auto" {
		sh.gpu.note(nil)
		s.fallback = func(err error) {
			sh.gpu.note(err)
			sh.log.Warn("the GPU cannot do it, processors take over", "reason", err)
		}
	}
	return s
}

// levelName names the level of a run: cuda, or that of the kernels.
func (sh *shell) levelName() string {
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
	case sh.level == "cuda":
		return g.device.Name()
	case sh.level != "auto":
		return ""
	case g.failure != "":
		return "processors took over: " + g.failure
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
