package hardware

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"planwerk/bench"
)

// Print writes the report for people.
func (r *Report) Print(w io.Writer) {
	m := &r.Machine
	fmt.Fprintf(w, "%s, Linux %s\n", m.Name, m.Kernel)
	if m.GPU != "" {
		fmt.Fprintf(w, "GPU: %s\n", m.GPU)
	}
	size := r.Size
	if size == "quick" {
		size += ": smaller than the names of the workloads say"
	}
	fmt.Fprintf(w, "planwerk %s, commit %s; size %s\n", r.Version, r.Commit, size)
	for _, b := range r.Bandwidth {
		fmt.Fprintf(w, "%s over %s on %s: %s\n", b.What, sizeText(b.Bytes), threadsText(b.Threads), gigabytes(b.PerSec))
	}
	for _, n := range r.Notices {
		fmt.Fprintf(w, "%s\n", n)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	last := ""
	for _, row := range r.Rows {
		if row.Workload != last {
			last = row.Workload
			t.Flush()
			fmt.Fprintf(w, "\n%s, %s %s%s\n", row.Workload, count(row.Items), row.Unit, note(&row))
			fmt.Fprintln(t, "level\tthreads\tms\tCPU ms\t"+"M "+row.Unit+"/s\tGB/s\tof bandwidth\tdigest\t")
		}
		fmt.Fprintf(t, "%s\t%d\t%.3f\t%.3f\t%s\t%s\t%s\t%s\t\n", row.Level, row.Threads, 1e3*row.Seconds, 1e3*row.CPUSeconds, digits(4, row.PerSecond/1e6),
			rate(row.BytesPerSecond), share(&row), orDash(row.Digest))
	}
	t.Flush()
}

// digits shows a number with n digits or more, without an exponent, as long as others of its size.
func digits(n int, v float64) string {
	if !(v > 0) {
		return fmt.Sprint(v)
	}
	return strconv.FormatFloat(v, 'f', max(0, n-1-int(math.Floor(math.Log10(v)))), 64)
}

func note(r *Row) string {
	if r.Note == "" {
		return ""
	}
	return "; " + r.Note
}

func rate(bytesPerSecond float64) string {
	if bytesPerSecond == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", bytesPerSecond/1e9)
}

func gigabytes(perSecond float64) string { return rate(perSecond) + " GB/s" }

func share(r *Row) string {
	if r.Share == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f %% %s", 100*r.Share, r.Against)
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func threadsText(n int) string {
	if n == 1 {
		return "1 thread"
	}
	return fmt.Sprintf("%d threads", n)
}

func sizeText(bytes int64) string { return fmt.Sprintf("%.2f GiB", float64(bytes)/(1<<30)) }

// count prints a number of items as 67.1 M.
func count(n int64) string {
	if n < 1_000_000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%.4g M", float64(n)/1e6)
}

// Table is the report as a table of README.md: a line for each workload; speeds in millions of items a second.
func (r *Report) Table(command string) *bench.Table {
	columns := []string{"workload", "M items/s of"}
	var levels []column
	for _, row := range r.Rows {
		c := column{row.Level, row.Threads}
		if !slices.Contains(levels, c) {
			levels = append(levels, c)
		}
	}
	slices.SortStableFunc(levels, func(a, b column) int {
		return slices.Index(r.Levels, a.level)*1000 + a.threads - slices.Index(r.Levels, b.level)*1000 - b.threads
	})
	for _, c := range levels {
		name := c.level
		if c.level != CUDA && !inC(c.level) {
			name += ", " + threadsText(c.threads)
		}
		columns = append(columns, name)
	}
	columns = append(columns, "best: GB/s", "of bandwidth", "digest")
	t := bench.NewTable("hardware", command, columns...)
	t.Time, t.Machine, t.Commit, t.Raw = r.Time, r.Machine.Name, r.Commit, r
	for _, name := range r.names() {
		t.Cells = append(t.Cells, r.line(name, levels))
	}
	return t
}

type column struct {
	level   string
	threads int
}

// names lists the workloads measured.
func (r *Report) names() (list []string) {
	for _, row := range r.Rows {
		if !slices.Contains(list, row.Workload) {
			list = append(list, row.Workload)
		}
	}
	return list
}

// line is one workload in the table.
func (r *Report) line(name string, levels []column) []string {
	var unit, digest string
	var best Row
	cells := make([]string, len(levels))
	for _, row := range r.Rows {
		if row.Workload != name {
			continue
		}
		unit = row.Unit
		if row.Digest != "" {
			digest = "`" + row.Digest[:min(8, len(row.Digest))] + "`"
		}
		if !inC(row.Level) && row.PerSecond > best.PerSecond {
			best = row
		}
		cells[slices.Index(levels, column{row.Level, row.Threads})] = digits(3, row.PerSecond/1e6)
	}
	return append(append([]string{name, unit}, cells...), strings.ReplaceAll(rate(best.BytesPerSecond), "–", ""), strings.ReplaceAll(share(&best), "–", ""), digest)
}
