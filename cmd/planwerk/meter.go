package main

import (
	"fmt"
	"log/slog"
	"os"
	"runtime/metrics"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/cwriter"
	"github.com/vbauerster/mpb/v8/decor"
)

// meter shows how far long work has come. Stages may run at the same time and report from any goroutine; unit says what
// done and total count. A total of 0 is unknown.
type meter interface {
	report(stage, unit string, done, total int64)
	close()
}

// newMeter chooses bars on a terminal, lines elsewhere and records under --json.
func newMeter(sh *shell) meter {
	file, isFile := sh.err.(*os.File)
	switch {
	case sh.quiet:
		return silentMeter{}
	case !sh.json && isFile && cwriter.IsTerminal(int(file.Fd())):
		return &barMeter{progress: mpb.New(mpb.WithOutput(file), mpb.WithWidth(40), mpb.WithRefreshRate(150*time.Millisecond)), bars: map[string]*stageBar{}}
	}
	return &lineMeter{log: sh.log, json: sh.json, begun: map[string]time.Time{}, last: time.Now()}
}

type silentMeter struct{}

func (silentMeter) report(string, string, int64, int64) {}
func (silentMeter) close()                              {}

// lineEvery is the time between two lines where there is no terminal.
const lineEvery = 3 * time.Second

// lineMeter prints a line now and then.
type lineMeter struct {
	log  *slog.Logger
	json bool

	mu    sync.Mutex
	begun map[string]time.Time
	last  time.Time
}

func (m *lineMeter) report(stage, unit string, done, total int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	begun, seen := m.begun[stage]
	if !seen {
		m.begun[stage], begun = now, now
	}
	if now.Sub(m.last) < lineEvery {
		return
	}
	m.last = now
	rate := 0.0
	if s := now.Sub(begun).Seconds(); s > 0.1 {
		rate = float64(done) / s
	}
	if m.json {
		m.log.Info("progress", "stage", stage, "unit", unit, "done", done, "total", total, "per_second", int64(rate), "memory_bytes", memoryInUse())
		return
	}
	m.log.Info(progressLine(stage, unit, done, total, rate))
}

func (m *lineMeter) close() {}

// progressLine is what a person reads where there is no terminal.
func progressLine(stage, unit string, done, total int64, rate float64) string {
	line := stage + ": " + humanCount(done)
	if total > 0 {
		line += " of " + humanCount(total)
	}
	line += " " + unit
	if rate > 0 {
		line += fmt.Sprintf(", %s %s/s", humanCount(int64(rate)), unit)
		if total > done {
			left := time.Duration(float64(total-done) / rate * float64(time.Second))
			line += fmt.Sprintf(", %v left", left.Round(time.Second))
		}
	}
	return line + ", memory " + humanBytes(memoryInUse())
}

// barMeter shows one bar for each stage at work and takes it away when the stage is done.
type barMeter struct {
	progress *mpb.Progress

	mu     sync.Mutex
	bars   map[string]*stageBar
	closed bool
}

type stageBar struct {
	bar  *mpb.Bar
	done bool
}

func (m *barMeter) report(stage, unit string, done, total int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return
	}
	b := m.bars[stage]
	if b == nil {
		b = &stageBar{bar: m.progress.AddBar(max(total, 0), barLook(stage, unit)...)}
		m.bars[stage] = b
	}
	if b.done {
		return
	}
	b.bar.SetTotal(max(total, done+1), false)
	b.bar.SetCurrent(done)
	if total > 0 && done >= total {
		b.done = true
		b.bar.SetTotal(-1, true)
	}
}

// barLook is: name, bar, percent, rows per second, time left, memory.
func barLook(stage, unit string) []mpb.BarOption {
	return []mpb.BarOption{
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(stage, decor.WCSyncSpaceR)),
		mpb.AppendDecorators(
			decor.Percentage(decor.WCSyncSpace),
			decor.AverageSpeed(0, " %.0f "+unit+"/s", decor.WCSyncSpace),
			decor.AverageETA(decor.ET_STYLE_GO, decor.WCSyncSpace),
			decor.Any(func(decor.Statistics) string { return " " + humanBytes(memoryInUse()) }),
		),
	}
}

// close takes away what is left, so that an error line stands alone.
func (m *barMeter) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return
	}
	m.closed = true
	for _, b := range m.bars {
		if !b.done {
			b.bar.Abort(true)
		}
	}
	m.progress.Wait()
}

// memoryInUse is what the process holds from the system, in bytes.
func memoryInUse() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64() - s[1].Value.Uint64())
}
