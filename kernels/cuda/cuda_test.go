package cuda

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"planwerk/kernels"
	"planwerk/kernels/device"
)

// machines gives the devices that the suite runs on: the shim's, and a GPU where there is one.
func machines(t *testing.T, f func(t *testing.T, d *Device)) {
	t.Run("shim", func(t *testing.T) {
		d, err := fake(t, "")
		if err != nil {
			t.Fatal(err)
		}
		f(t, d)
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Run("gpu", func(t *testing.T) {
		d, err := Open()
		if err != nil {
			t.Skip(err)
		}
		f(t, d)
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
}

// randomValue is a float of any size that sums can hold, now and then a special one.
func randomValue(r *rand.Rand) float64 {
	switch r.IntN(30) {
	case 0:
		return 0
	case 1:
		return math.Copysign(0, -1)
	case 2:
		return 5e-324
	}
	return (r.Float64() - 0.5) * math.Exp2(float64(r.IntN(60)-30))
}

// randomCSR has rows of every length up to most, the first of them in turn.
func randomCSR(r *rand.Rand, rows, cols, most int) device.CSR {
	a := device.CSR{Rows: rows, Cols: cols, Ptr: make([]int64, rows+1)}
	for i := range rows {
		n := i
		if i > most {
			n = r.IntN(most + 1)
		}
		for range min(n, cols) {
			a.Col = append(a.Col, int32(r.IntN(cols)))
			a.Val = append(a.Val, randomValue(r))
		}
		a.Ptr[i+1] = int64(len(a.Col))
	}
	return a
}

func randomVector(r *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = randomValue(r)
	}
	return v
}

func sameBits(t *testing.T, what string, got, want []float64) {
	t.Helper()
	for i := range want {
		if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
			t.Fatalf("%s: value %d of %d is %v, want %v", what, i, len(want), got[i], want[i])
		}
	}
}

func TestSpMV(t *testing.T) {
	machines(t, func(t *testing.T, d *Device) {
		r := rand.New(rand.NewPCG(1, 2))
		for _, rows := range []int{0, 1, 2, 3, 4, 5, 31, 32, 33, 150, 700} {
			a := randomCSR(r, rows, rows+3, 140)
			x, want := randomVector(r, a.Cols), make([]float64, rows)
			kernels.SpMV(want, a.Ptr, a.Col, a.Val, x)
			got := make([]float64, rows)
			m := &memory{Device: d}
			err := d.do(func() error {
				placed, err := d.placed(&a)
				if err != nil {
					return err
				}
				in, err := place(m, x)
				if err != nil {
					return err
				}
				guarded, err := place(m, append(make([]float64, rows), 7, 7, 7, 7))
				if err != nil {
					return err
				}
				if err := placed.mul(guarded, in); err != nil {
					return err
				}
				all := make([]float64, rows+4)
				if err := toHost(d, all, guarded); err != nil {
					return err
				}
				sameBits(t, "guard", all[rows:], []float64{7, 7, 7, 7})
				copy(got, all)
				return errors.Join(placed.release(), m.free())
			})
			if err != nil {
				t.Fatal(err)
			}
			sameBits(t, "spmv", got, want)
		}
	})
}

func TestSums(t *testing.T) {
	machines(t, func(t *testing.T, d *Device) {
		r := rand.New(rand.NewPCG(3, 4))
		for _, n := range []int{0, 1, 63, 64, 65, 255, 256, 257, 5000} {
			for _, groups := range []int{1, 7, groupsNear, groupsNear + 1} {
				group, value, mask := make([]int32, n), make([]int64, n), make([]uint64, n/64+1)
				want, masked := make([]kernels.Int128, groups), kernels.Int128{}
				for i := range n {
					group[i], value[i] = int32(r.IntN(groups+1))-1, int64(r.Uint64())
					if r.IntN(3) == 0 {
						value[i] = []int64{math.MinInt64, math.MaxInt64, -1, 0, 1 << 32, -1 << 32}[r.IntN(6)]
					}
					if group[i] >= 0 {
						want[group[i]] = want[group[i]].AddInt64(value[i])
					}
					if r.IntN(2) == 0 {
						mask[i/64] |= 1 << (i % 64)
						masked = masked.AddInt64(value[i])
					}
				}
				got, err := d.GroupSums(group, value, groups)
				if err != nil {
					t.Fatal(err)
				}
				for g := range want {
					if got[g] != want[g] {
						t.Fatalf("%d rows, group %d of %d: %v, want %v", n, g, groups, got[g], want[g])
					}
				}
				if got, err := d.MaskedSum(mask, value); err != nil || got != masked {
					t.Fatalf("%d rows masked: %v, want %v (%v)", n, got, masked, err)
				}
			}
		}
		if _, err := d.GroupSums([]int32{3}, []int64{1}, 3); err == nil {
			t.Error("a group outside is taken")
		}
	})
}

// groupsNear is how many groups a block adds up by itself (src/sums.cu).
const groupsNear = 1024

func TestReach(t *testing.T) {
	machines(t, func(t *testing.T, d *Device) {
		r := rand.New(rand.NewPCG(5, 6))
		for _, n := range []int{1, 2, 63, 64, 65, 300, 1000} {
			g := &device.Graph{First: make([]int32, n+1), Weight: make([]int64, n), Count: make([]int64, n)}
			for v := range n {
				for u := v + 1; u < n; u++ {
					if r.IntN(n) < 2 {
						g.Part = append(g.Part, int32(u))
					}
				}
				g.First[v+1] = int32(len(g.Part))
				g.Weight[v], g.Count[v] = int64(r.Uint64()>>3), 1+int64(r.IntN(3))
				if r.IntN(4) > 0 {
					g.Roots = append(g.Roots, int32(v))
				}
			}
			sums, counts, err := d.Reach(g)
			if err != nil {
				t.Fatal(err)
			}
			for i, root := range g.Roots {
				var s, c uint64
				seen := map[int32]bool{root: true}
				for list := []int32{root}; len(list) > 0; {
					v := list[0]
					list = list[1:]
					s, c = s+uint64(g.Weight[v]), c+uint64(g.Count[v])
					for _, u := range g.Part[g.First[v]:g.First[v+1]] {
						if !seen[u] {
							seen[u] = true
							list = append(list, u)
						}
					}
				}
				if sums[i] != s || counts[i] != c {
					t.Fatalf("%d vertices, root %d: %d, %d; want %d, %d", n, root, sums[i], counts[i], s, c)
				}
			}
		}
	})
}

func TestFailures(t *testing.T) {
	value, group := make([]int64, 1<<20), make([]int32, 1<<20)
	for faults, want := range map[string]string{
		"memory=4000000":                "the grouped sums needs 13.2 MiB of device memory; Host shim has 3.8 MiB free",
		"memory=4000000,free=100000000": "the work needs",
		"lose=1":                        "Host shim is lost: cuLaunchKernel: unspecified launch failure (CUDA error 719)",
		"refuse=1":                      "too many resources requested for launch",
	} {
		d, err := fake(t, faults)
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.GroupSums(group, value, 4)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Fatalf("%s: %v, want %q", faults, err, want)
		}
		var large *device.TooLarge
		var lost *device.Lost
		if errors.As(err, &large) == errors.As(err, &lost) {
			t.Fatalf("%s: %#v is neither, or both", faults, err)
		}
		_, again := d.GroupSums(group[:1], value[:1], 1)
		if lost != nil && (!errors.As(again, &lost) || d.Err() == nil) || lost == nil && (again != nil || d.Err() != nil) {
			t.Errorf("%s: then %v, %v", faults, again, d.Err())
		}
	}
}
