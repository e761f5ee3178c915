package main

import (
	"sync"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

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
		b = &stageBar{bar: m.progress.AddBar(max(total, 1), barLook(stage, unit)...)}
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

// barLook is: name, bar, then percent, speed and time left where there is something to count, else the time it has taken,
// and the memory in use.
func barLook(stage, unit string) []mpb.BarOption {
	counted := []decor.Decorator{
		decor.Percentage(decor.WCSyncSpace),
		decor.AverageSpeed(0, " %.0f "+unit+"/s", decor.WCSyncSpace),
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

// close takes away what is left, so that what is printed next stands alone.
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
