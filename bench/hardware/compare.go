package hardware

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
)

// Read reads a report from a file: what planwerk bench --json prints, or the table that --results writes.
func Read(path string) (*Report, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var table struct {
		Raw json.RawMessage `json:"raw"`
	}
	if err := json.Unmarshal(text, &table); err != nil {
		return nil, fmt.Errorf("%s: is no hardware report: %w; \"planwerk bench --json\" prints one", path, err)
	}
	if table.Raw != nil {
		text = table.Raw
	}
	r := &Report{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("%s: is no hardware report: %w", path, err)
	}
	if len(r.Rows) == 0 || r.Size == "" {
		return nil, fmt.Errorf("%s: is no hardware report; \"planwerk bench --json\" prints one", path)
	}
	r.File = path
	return r, nil
}

// Pair is a row that both reports have; Ratio is how many times as fast the second is.
type Pair struct {
	Workload string  `json:"workload"`
	Level    string  `json:"level"`
	Threads  int     `json:"threads"`
	A        *Row    `json:"a"`
	B        *Row    `json:"b"`
	Ratio    float64 `json:"ratio"`
	Same     *bool   `json:"same_bits"` // null: one of them has no digest
}

// Comparison is two reports beside each other.
type Comparison struct {
	A, B    MachineInfo
	Sides   [2]Side  `json:"sides"` // A and B
	Pairs   []Pair   `json:"pairs"`
	Only    []string `json:"only_in_one"`
	Differs int      `json:"different_bits"`
}

// Side says which report one side is.
type Side struct {
	File    string `json:"file,omitempty"`
	Machine string `json:"machine"`
	Commit  string `json:"commit"`
	Version string `json:"planwerk"`
	Go      string `json:"go"`
	Time    string `json:"time"` // RFC 3339, UTC
}

func (s Side) String() string {
	text := fmt.Sprintf("%s, commit %s, %s, %s", s.Machine, s.Commit, s.Go, s.Time)
	if s.File != "" {
		text = s.File + ": " + text
	}
	return text
}

func side(r *Report) Side {
	return Side{r.File, r.Machine.Name, r.Commit, r.Version, r.Go, r.Time}
}

// Compare puts two reports of one size beside each other. Rows pair by workload, level and threads; the rows on all cores
// of machines with different numbers of them pair too.
func Compare(a, b *Report) (*Comparison, error) {
	if a.Size != b.Size {
		return nil, fmt.Errorf("the reports are of different sizes, %s and %s", a.Size, b.Size)
	}
	c := &Comparison{A: a.Machine, B: b.Machine, Sides: [2]Side{side(a), side(b)}}
	type key struct {
		workload, level string
		all             bool
	}
	of := func(r *Row) key { return key{r.Workload, r.Level, r.Threads > 1} }
	other := map[key]*Row{}
	for i := range b.Rows {
		other[of(&b.Rows[i])] = &b.Rows[i]
	}
	for i := range a.Rows {
		x := &a.Rows[i]
		y := other[of(x)]
		if y == nil {
			c.Only = append(c.Only, fmt.Sprintf("%s at %s on %s: first only", x.Workload, x.Level, threadsText(x.Threads)))
			continue
		}
		delete(other, of(x))
		p := Pair{Workload: x.Workload, Level: x.Level, Threads: x.Threads, A: x, B: y, Ratio: y.PerSecond / x.PerSecond}
		if x.Digest != "" && y.Digest != "" {
			same := x.Digest == y.Digest
			p.Same = &same
			if !same {
				c.Differs++
			}
		}
		c.Pairs = append(c.Pairs, p)
	}
	for i := range b.Rows {
		if y := &b.Rows[i]; other[of(y)] == y {
			c.Only = append(c.Only, fmt.Sprintf("%s at %s on %s: second only", y.Workload, y.Level, threadsText(y.Threads)))
		}
	}
	return c, nil
}

// Print writes the comparison for people.
func (c *Comparison) Print(w io.Writer) {
	fmt.Fprintf(w, "A: %s\nB: %s\n\n", c.Sides[0], c.Sides[1])
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "workload\tlevel\tthreads\tA, M/s\tB, M/s\tB : A\tA, of bandwidth\tB, of bandwidth\tbits")
	for i := range c.Pairs {
		p := &c.Pairs[i]
		threads := fmt.Sprint(p.A.Threads)
		if p.A.Threads != p.B.Threads {
			threads = fmt.Sprintf("%d, %d", p.A.Threads, p.B.Threads)
		}
		bits := "–"
		if p.Same != nil {
			bits = map[bool]string{true: "same", false: "DIFFERENT"}[*p.Same]
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%.4g\t%.4g\t%.2f\t%s\t%s\t%s\n", p.Workload, p.Level, threads, p.A.PerSecond/1e6, p.B.PerSecond/1e6, p.Ratio, share(p.A),
			share(p.B), bits)
	}
	t.Flush()
	for _, o := range c.Only {
		fmt.Fprintln(w, o)
	}
}
