package synth

import "time"

// Times in µs since the epoch, whole seconds.
const (
	second = int64(1_000_000)
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

func date(y int, m time.Month, d int) int64 {
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).UnixMicro()
}

var (
	historyStart = date(2021, 1, 1)   // the first machines
	historyEnd   = date(2025, 12, 16) // the last of them
	startTime    = date(2026, 1, 1)
	cut1         = date(2026, 2, 1) // the recorded revisions end here …
	cut2         = date(2026, 3, 1) // … and here
	linkCut      = date(2026, 3, 15)
	untilTime    = date(2026, 4, 1)
)

// Start is when the first period with a revision begins, in µs since the epoch.
func Start() int64 { return startTime }

// Period is what a batch would compute: the time since the last recorded revision, in µs since the epoch.
func Period() (after, until int64) { return cut2, untilTime }

// phase is a stretch of every round, in thousandths, in which one kind of rows is recorded.
type phase struct{ from, to int64 }

var (
	phOrder      = phase{1, 10}
	phReply      = phase{10, 20}
	phImport     = phase{10, 20}
	phProduction = phase{20, 40}
	phConsume    = phase{50, 400}
	phAllocate   = phase{50, 150}
	phWork       = phase{100, 900}
	phOutput     = phase{910, 930}
	phTransfer   = phase{935, 950}
	phDispatch   = phase{955, 975}
	phRecover    = phase{955, 975}
	phWaste1     = phase{980, 985}
	phWaste2     = phase{985, 990}
	phWaste3     = phase{990, 999}
)

// within puts row i of n into a stretch of time, in order.
func within(from, to, i, n int64) int64 {
	t := from + mulDiv(to-from, i, max(n, 1))
	return t - t%second
}

func (w *world) roundStart(r int64) int64 {
	return startTime + mulDiv(untilTime-startTime, r, w.rounds)
}

// at is the time of row i of n of a phase of a round.
func (w *world) at(r int64, p phase, i, n int64) int64 {
	start := w.roundStart(r)
	length := w.roundStart(r+1) - start
	return within(start+length*p.from/1000, start+length*p.to/1000, i, n)
}

// workTime, endTime: when a workload and the outputs of a production were recorded.
func (w *world) workTime(i int64, p place) int64 {
	if p.round < 0 {
		return w.buildTime(p.slot, 1+p.step)
	}
	return w.at(p.round, phWork, p.pos, w.workOf(p.round).total())
}

func (w *world) endTime(r, b int64) int64 { return w.at(r, phOutput, b, w.slots) }

// buildTime is a moment (0 … 15) of the prehistory of a slot: 0 production, 1 … 8 workloads, 9 output, 10 … machines.
func (w *world) buildTime(b, moment int64) int64 {
	return within(historyStart, historyEnd, b*16+moment, w.slots*16)
}

// commissioned says when a machine of a slot was put to use.
func (w *world) commissioned(b, m int64) int64 {
	switch m {
	case olds:
		return within(date(2025, 12, 22), date(2025, 12, 30), b, w.slots)
	case late:
		return within(startTime+day, untilTime-5*day, b, w.slots)
	}
	return within(historyStart, historyEnd, b*160+100+m*6, w.slots*160)
}
