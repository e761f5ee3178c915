package main

import (
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// barMeter shows one bar for each stage at work and takes it away when the stage is done.
type barMeter struct {
	terminal io.Writer
	progress *mpb.Progress

	mu     sync.Mutex
	bars   map[string]*stageBar
	closed bool
}

func newBarMeter(terminal io.Writer) *barMeter {
	return &barMeter{terminal: terminal, bars: map[string]*stageBar{},
		progress: mpb.New(mpb.WithOutput(terminal), mpb.WithAutoRefresh(), mpb.WithWidth(40), mpb.WithRefreshRate(150*time.Millisecond))}
}

// Write prints lines above the bars.
func (m *barMeter) Write(line []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return m.terminal.Write(line)
	}
	return m.progress.Write(line)
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
	if b == nil { // a bar that begins with a total of 0 can be given another, and completed, at any time
		b = &stageBar{bar: m.progress.MustAdd(0, barFiller(unit), barLook(stage, unit)...)}
		m.bars[stage] = b
	}
	if b.done {
		return
	}
	if total > 0 && done >= total {
		b.done = true
		b.bar.SetTotal(-1, true)
		return
	}
	b.bar.SetTotal(max(total, done+1), false)
	b.bar.SetCurrent(done)
}

// barFiller draws a bar where there is something to count.
func barFiller(unit string) mpb.BarFiller {
	if unit == "" {
		return mpb.NopStyle().Build()
	}
	return mpb.BarStyle().Build()
}

// barLook is: name, bar, then percent, speed and time left where there is something to count, else the time it has taken,
// and the memory in use.
func barLook(stage, unit string) []mpb.BarOption {
	counted := []decor.Decorator{
		decor.Percentage(decor.WCSyncSpace),
		decor.Any(speed(unit), decor.WCSyncSpace),
		decor.AverageETA(decor.ET_STYLE_GO, decor.WCSyncSpace),
	}
	if unit == "" {
		counted = []decor.Decorator{decor.Elapsed(decor.ET_STYLE_GO, decor.WCSyncSpace)}
	}
	memory := decor.Any(func(decor.Statistics) string { return "  memory " + humanBytes(memoryInUse()) })
	return []mpb.BarOption{
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(stage, decor.WCSyncSpaceR)),
		mpb.AppendDecorators(append(counted, memory)...),
	}
}

// speed says how much was done a second, since the bar began.
func speed(unit string) decor.DecorFunc {
	begun := time.Now()
	return func(s decor.Statistics) string {
		return humanCount(int64(float64(s.Current)/time.Since(begun).Seconds())) + " " + unit + "/s"
	}
}

// close takes away what is left, so that what is printed next stands alone.
func (m *barMeter) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return
	}
	m.closed = true
	for _, b := range m.bars {
		b.bar.Abort(true) // does nothing to one that is complete
	}
	m.progress.Wait()
}
