package synth

import (
	"fmt"
	"runtime"
)

// Config says what to generate. The zero value of a field means its default.
type Config struct {
	Workloads   int64   // rows of the table workloads, ≥ 1000 (default 100 000); the other tables follow in proportion
	Seed        uint64  // same seed and settings, same bytes
	Format      string  // file format of the tables (default parquet)
	IDs         string  // int (default), text, or hash (32 bytes)
	Elements    int64   // product elements (default Workloads / 100, at least 64)
	Descendants int64   // mean number of elements below one in the families (default 170)
	Violations  float64 // share of rows that break a rule on purpose (default none), at most 0.5
	Threads     int     // tables and their parts in parallel (default all processors); never changes a byte
	Force       bool    // replace an existing export
	Shuffle     bool    // rows in random order instead of the order of time
	// Progress, if set, is told the rows done of a table from time to time; calls do not overlap.
	Progress func(table string, done, total int64)
}

// MinWorkloads is the smallest ledger in which each table and each zone has something in it.
const MinWorkloads = 1000

func (c *Config) complete() error {
	if c.Workloads == 0 {
		c.Workloads = 100_000
	}
	if c.Format == "" {
		c.Format = "parquet"
	}
	if c.IDs == "" {
		c.IDs = "int"
	}
	if c.Elements == 0 {
		c.Elements = max(64, c.Workloads/100)
	}
	if c.Descendants == 0 {
		c.Descendants = 170
	}
	if c.Threads <= 0 {
		c.Threads = runtime.GOMAXPROCS(0)
	}
	switch {
	case c.Workloads < MinWorkloads || c.Workloads > 1e10:
		return fmt.Errorf("generate: %d workloads: must be %d to 10^10", c.Workloads, MinWorkloads)
	case c.Elements < 64 || c.Elements > 1e9:
		return fmt.Errorf("generate: %d elements: must be 64 to 10^9", c.Elements)
	case c.Descendants < 1 || c.Descendants > 1e6:
		return fmt.Errorf("generate: %d descendants: must be 1 to 10^6", c.Descendants)
	case !(c.Violations >= 0 && c.Violations <= 0.5):
		return fmt.Errorf("generate: share of violations %v: must be 0 to 0.5", c.Violations)
	case c.IDs != "int" && c.IDs != "text" && c.IDs != "hash":
		return fmt.Errorf("generate: ids %q: must be int, text or hash", c.IDs)
	}
	return nil
}
