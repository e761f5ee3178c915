package main

import (
	"fmt"
	"log/slog"
	"os"
	"runtime/metrics"
	"sync"
	"time"

	"planwerk/engine/spill"

	"github.com/vbauerster/mpb/v8/cwriter"
)

// meter shows how far long work has come. Stages may run at the same time and report from any goroutine; unit says what
// done and total count, "" for a stage that only begins (done 0) and ends. A total of 0 is unknown.
type meter interface {
	report(stage, unit string, done, total int64)
	close()
}

// startMeter chooses bars on a terminal, lines elsewhere and records under --json. Log lines go above the bars.
func (sh *shell) startMeter(least slog.Level) {
	file, isFile := sh.err.(*os.File)
	bars := !sh.json && isFile && cwriter.IsTerminal(int(file.Fd()))
	if bars { // on a terminal that does not tell its size no bar would be seen
		_, height, err := cwriter.GetSize(int(file.Fd()))
		bars = err == nil && height > 0
	}
	switch {
	case sh.quiet:
		sh.meter = silentMeter{}
	case bars:
		m := newBarMeter(file)
		sh.meter, sh.log = m, slog.New(plainHandler{m, least})
	default:
		sh.meter = newLineMeter(sh.log, sh.json)
	}
}

type silentMeter struct{}

func (silentMeter) report(string, string, int64, int64) {}
func (silentMeter) close()                              {}

// lineEvery is the time between two lines where there is no terminal.
const lineEvery = 3 * time.Second

// lineMeter prints, every few seconds, the stage that reported last.
type lineMeter struct {
	log  *slog.Logger
	json bool
	stop chan struct{}
	once sync.Once

	mu     sync.Mutex
	latest stageState
	begun  map[string]time.Time
}

// stageState is what was last reported.
type stageState struct {
	stage, unit string
	done, total int64
}

func newLineMeter(log *slog.Logger, json bool) *lineMeter {
	m := &lineMeter{log: log, json: json, stop: make(chan struct{}), begun: map[string]time.Time{}}
	go m.run()
	return m
}

func (m *lineMeter) run() {
	tick := time.NewTicker(lineEvery)
	defer tick.Stop()
	for {
		select {
		case <-m.stop:
			return
		case <-tick.C:
			m.print()
		}
	}
}

func (m *lineMeter) report(stage, unit string, done, total int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, seen := m.begun[stage]; !seen {
		m.begun[stage] = time.Now()
	}
	m.latest = stageState{stage, unit, done, total}
}

func (m *lineMeter) print() {
	m.mu.Lock()
	s, begun := m.latest, m.begun[m.latest.stage]
	m.mu.Unlock()
	if s.stage == "" {
		return
	}
	elapsed := time.Since(begun)
	rate := float64(s.done) / elapsed.Seconds()
	if m.json {
		m.log.Info("progress", "stage", s.stage, "unit", s.unit, "done", s.done, "total", s.total,
			"seconds", elapsed.Seconds(), "per_second", int64(rate), "memory_bytes", memoryInUse())
		return
	}
	m.log.Info(progressLine(s, elapsed, rate) + ", memory " + humanBytes(memoryInUse()))
}

func (m *lineMeter) close() { m.once.Do(func() { close(m.stop) }) }

// progressLine is what a person reads where there is no terminal.
func progressLine(s stageState, elapsed time.Duration, rate float64) string {
	if s.unit == "" {
		return fmt.Sprintf("%s: %v", s.stage, elapsed.Round(time.Second))
	}
	line := s.stage + ": " + humanCount(s.done)
	if s.total > 0 {
		line += " of " + humanCount(s.total)
	}
	line += fmt.Sprintf(" %s, %s %s/s", s.unit, humanCount(int64(rate)), s.unit)
	if s.total > s.done && rate > 0 {
		left := time.Duration(float64(s.total-s.done) / rate * float64(time.Second))
		line += fmt.Sprintf(", %v left", left.Round(time.Second))
	}
	return line
}

// memoryInUse is what the process holds from the system, in bytes, without the pages of files.
func memoryInUse() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64()-s[1].Value.Uint64()) + spill.InMemory()
}
