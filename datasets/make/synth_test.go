package synth

import (
	"bytes"
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"planwerk/engine/ledger"
)

func worldOf(t *testing.T, cfg Config) *world {
	t.Helper()
	if err := cfg.complete(); err != nil {
		t.Fatal(err)
	}
	w := newWorld(cfg)
	if err := w.setRates(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

// TestClean: no rule is broken, at sizes that exercise the smallest layouts, one round more or less, and many slots.
func TestClean(t *testing.T) {
	for _, cfg := range []Config{{Workloads: 1000}, {Workloads: 1717, Seed: 9, Descendants: 5}, {Workloads: 20_000, Seed: 1},
		{Workloads: 20_000, Seed: 2, Elements: 3000, Descendants: 1000}, {Workloads: 35_234, Seed: 3}} {
		w := worldOf(t, cfg)
		c := load(w)
		c.check()
		for rule, n := range c.found {
			t.Errorf("%d workloads, seed %d: %s × %d, first: %s", cfg.Workloads, cfg.Seed, rule, n, c.note[rule])
		}
		for id := range ledger.NumTables {
			if len(c.rows[id]) == 0 {
				t.Errorf("%d workloads: table %s is empty", cfg.Workloads, ledger.Schema[id].Name)
			}
		}
	}
}

// TestPlanted: with a share of violations each planted rule is there.
func TestPlanted(t *testing.T) {
	c := load(worldOf(t, Config{Workloads: 20_000, Seed: 5, Violations: 0.01}))
	c.check()
	for _, rule := range PlantedRules {
		if c.found[rule] == 0 {
			t.Errorf("no %s", rule)
		}
	}
	for rule := range c.found {
		if !slices.Contains(PlantedRules, rule) {
			t.Errorf("%s is not among the planted rules", rule)
		}
	}
}

// TestOrder: ids grow, and rows are in the order of time.
func TestOrder(t *testing.T) {
	for _, tab := range worldOf(t, Config{Workloads: 20_000}).tables() {
		def := &ledger.Schema[tab.id]
		var last row
		for i := range tab.rows() {
			var r row
			tab.fill(i, &r)
			if i > 0 && def.Time >= 0 && r[def.Time] < last[def.Time] && tab.id != ledger.TRevisions {
				t.Fatalf("%s: row %d is earlier than the row before", def.Name, i)
			}
			if i > 0 && len(def.Key) == 1 && r[0] <= last[0] {
				t.Fatalf("%s: row %d has id %d after %d", def.Name, i, r[0], last[0])
			}
			last = r
		}
	}
}

// TestProportions: the rows of a large ledger, counted without writing it.
func TestProportions(t *testing.T) {
	got, err := Rows(Config{Workloads: 2_000_000})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{"workloads": 1, "consumptions": 0.5, "mop_allocations": 0.2, "outputs": 0.2, "productions": 0.05,
		"elements": 0.01, "citizens": 0.1, "transfers": 0.05, "dispatches": 0.15, "write_offs": 0.01, "mops": 0.01,
		"product_types": 0.001, "collectives": 0.001, "coupon_claims": 0.4, "appropriations": 0.5}
	for table, share := range want {
		if r := float64(got[table]) / 2e6; r < 0.9*share || r > 1.1*share {
			t.Errorf("%s: %d rows, want about %.0f", table, got[table], share*2e6)
		}
	}
	if got["workloads"] != 2_000_000 {
		t.Errorf("%d workloads", got["workloads"])
	}
}

// TestDescendants: the mean number of elements below an element of a family is about the wanted one.
func TestDescendants(t *testing.T) {
	for _, want := range []int64{5, 170, 2400} {
		w := worldOf(t, Config{Workloads: 100_000, Elements: 60_000, Descendants: want})
		f := &w.firm
		var sum, sampled int64
		seen := make([]int64, f.size())
		for e := int64(0); e < f.size(); e += 1 + f.size()/500 {
			sampled++
			for queue := []int64{e}; len(queue) > 0; queue = queue[1:] {
				if queue[0]/f.width == f.depth-1 {
					continue
				}
				for _, p := range w.parts(queue[0], nil) {
					if seen[p] != sampled {
						seen[p] = sampled
						queue = append(queue, p)
						sum++
					}
				}
			}
		}
		if mean := float64(sum) / float64(sampled); mean < 0.7*float64(want) || mean > 1.4*float64(want) {
			t.Errorf("mean descendants %.1f, want about %d (depth %d, width %d)", mean, want, f.depth, f.width)
		}
	}
}

// TestPinned holds the rows of one small ledger fast, on every machine. A deliberate change of the generator changes the
// sum; figures measured with generated ledgers are then no longer comparable with older ones.
func TestPinned(t *testing.T) {
	const want = 0x1314bac7365f3831
	sum := uint64(0)
	for _, tab := range worldOf(t, Config{Workloads: 5000, Seed: 7}).tables() {
		for i := range tab.rows() {
			var r row
			tab.fill(i, &r)
			for _, x := range r {
				sum = mix(sum + uint64(x) + golden)
			}
		}
	}
	if sum != want {
		t.Errorf("sum of all rows %#x, want %#x", sum, uint64(want))
	}
}

func TestPermutation(t *testing.T) {
	for _, n := range []int64{1, 2, 3, 5, 16, 17, 1000, 4097} {
		p := newPermutation(n, 42)
		seen := make([]bool, n)
		for i := range n {
			x := p.at(i, 5)
			if x < 0 || x >= n || seen[x] {
				t.Fatalf("n = %d: %d comes to %d, out of range or twice", n, i, x)
			}
			seen[x] = true
		}
	}
}

func TestLayout(t *testing.T) {
	for _, c := range [][2]int64{{1, 1}, {16, 226}, {100, 5}, {100, 100_000}, {3000, 61_000}} {
		l := newLayout(c[0], c[1], 1)
		if l.total() != c[1] {
			t.Errorf("%d slots: %d rows, want %d", c[0], l.total(), c[1])
		}
		var sum int64
		for b := range c[0] {
			sum += l.rows(b)
		}
		seen := map[[2]int64]bool{}
		for i := range c[1] {
			s, b := l.find(3, i)
			if seen[[2]int64{s, b}] || b >= l.counts[s] {
				t.Fatalf("%d slots: step %d, slot %d twice or out of range", c[0], s, b)
			}
			seen[[2]int64{s, b}] = true
		}
		if sum != c[1] {
			t.Errorf("%d slots: rows of the slots sum to %d, want %d", c[0], sum, c[1])
		}
	}
}

// files reads a directory as name → digest.
func files(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	out := map[string][32]byte{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[rel] = sha256.Sum256(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func generate(t *testing.T, cfg Config) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "export")
	if err := Generate(context.Background(), dir, cfg); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestSameBytes: seed and settings alone decide the files, threads do not.
func TestSameBytes(t *testing.T) {
	for _, cfg := range []Config{{Workloads: 5000}, {Workloads: 1500, Format: "arrow", IDs: "hash", Shuffle: true},
		{Workloads: 1500, Format: "csv.zst", IDs: "text", Violations: 0.02}} {
		cfg.Threads = 1
		one := files(t, generate(t, cfg))
		if len(one) != int(ledger.NumTables)+1 {
			t.Errorf("%d files, want one per table and a manifest", len(one))
		}
		cfg.Threads = 5
		if five := files(t, generate(t, cfg)); !mapsEqual(one, five) {
			t.Errorf("%s, %s ids: other bytes with other threads", cfg.Format, cfg.IDs)
		}
		cfg.Seed = 1
		if other := files(t, generate(t, cfg)); mapsEqual(one, other) {
			t.Errorf("%s: same bytes with another seed", cfg.Format)
		}
	}
}

func mapsEqual(a, b map[string][32]byte) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}

// TestShuffle: the same lines in another order.
func TestShuffle(t *testing.T) {
	lines := func(shuffle bool) [][]byte {
		data, err := os.ReadFile(filepath.Join(generate(t, Config{Workloads: 1000, Format: "csv", IDs: "text", Shuffle: shuffle}), "workloads.csv"))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Split(data, []byte("\n"))
	}
	plain, shuffled := lines(false), lines(true)
	equal := func(a, b []byte) bool { return bytes.Equal(a, b) }
	if slices.EqualFunc(plain, shuffled, equal) {
		t.Error("shuffled rows are in the same order")
	}
	slices.SortFunc(plain, bytes.Compare)
	slices.SortFunc(shuffled, bytes.Compare)
	if !slices.EqualFunc(plain, shuffled, equal) {
		t.Error("shuffled rows are not the same rows")
	}
}

func TestRefused(t *testing.T) {
	for _, cfg := range []Config{{Workloads: 999}, {Elements: 63}, {Violations: 0.6}, {IDs: "uuid"}, {Format: "xlsx"}, {Descendants: -1}, {Workloads: -5}, {Workloads: 2e10}} {
		if err := Generate(context.Background(), filepath.Join(t.TempDir(), "x"), cfg); err == nil {
			t.Errorf("%+v: no error", cfg)
		}
	}
}

// TestCancelled: nothing is left behind.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	parent := t.TempDir()
	cfg := Config{Workloads: 20_000, Progress: func(table string, _, _ int64) {
		if table == "workloads" {
			cancel()
		}
	}}
	if err := Generate(ctx, filepath.Join(parent, "x"), cfg); err == nil {
		t.Error("no error")
	}
	if left, _ := os.ReadDir(parent); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
