package plan

// Size is how large the linear program of a problem is over regions and periods.
type Size struct {
	Rows, Columns, Entries float64 // whole numbers, which may be beyond all that integers hold
	// Bytes is the memory that expanding and solving it take at the least: planning programs of 10 k to 200 k products were
	// measured at one and a half times as much.
	Bytes float64
}

// Bytes that an entry, and a row or column, take at the least: rows and columns of the matrix, the program scaled, names,
// vectors.
const (
	bytesPerEntry = 100
	bytesPerLine  = 300
)

// SizeOf tells how large the program of a problem would be, without making it.
func SizeOf(p *Problem, e Expansion, set Settings) Size {
	n := float64(max(1, e.Periods))
	count := func(rows int) float64 { return float64(rows) }
	s := Size{Rows: n * count(len(p.Products)+len(p.Resources)), Columns: n*count(len(p.Techniques)) + count(len(p.Stocks)),
		Entries: n*count(len(p.Flows)+len(p.Uses)) + count(len(p.Stocks))}
	if e.Regions {
		s.Columns += n * count(len(p.Transport))
		s.Entries += 2 * n * count(len(p.Transport))
	}
	if e.Periods > 0 {
		s.Columns += (n - 1) * count(len(p.Storage))
		s.Entries += 2 * (n - 1) * count(len(p.Storage))
		for i := range p.Investments {
			s.Entries += p.Investments[i].times(n)
		}
	}
	if set.Objective == Aims || set.Objective == "" {
		steps := set.NeedSteps
		if steps == 0 {
			steps = DefaultNeedSteps
		}
		for i := range p.Targets {
			if p.Targets[i].Kind == Aim {
				s.Columns += n * count(steps)
				s.Entries += 2 * n * count(steps)
			}
		}
	}
	s.Bytes = bytesPerEntry*s.Entries + bytesPerLine*(s.Rows+s.Columns)
	return s
}

// times is how many pairs of a period and a later one within n an investment joins.
func (v *Investment) times(n float64) float64 {
	m, life := max(0, n-float64(v.Lag)), float64(v.Life)
	if v.Life == 0 || m <= life {
		return m * (m + 1) / 2
	}
	return life*m - life*(life-1)/2
}
