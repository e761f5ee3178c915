package spill

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// spaces are one of each kind; every slice is mapped.
func spaces(t *testing.T) map[string]*Space {
	t.Helper()
	return map[string]*Space{
		"memory": New(Config{Least: 1}),
		"files":  New(Config{Least: 1, Dir: t.TempDir()}),
		"both":   New(Config{Least: 1, Dir: t.TempDir(), Memory: 100_000}),
	}
}

// Slices are zeros of their own, of any length; what is freed goes back, and Close gives back the rest.
func TestMakeAndFree(t *testing.T) {
	for name, s := range spaces(t) {
		var held [][]int64
		for _, n := range []int{1, 2, 511, 512, 513, 4096, 70_000} {
			x := Make[int64](s, n)
			if len(x) != n || cap(x) != n {
				t.Fatalf("%s: length %d, capacity %d, want %d", name, len(x), cap(x), n)
			}
			for i := range x {
				if x[i] != 0 {
					t.Fatalf("%s: not zero", name)
				}
				x[i] = int64(n) + int64(i)
			}
			held = append(held, x)
		}
		for _, x := range held {
			for i := range x {
				if x[i] != int64(len(x)+i) {
					t.Fatalf("%s: cell %d of %d is %d", name, i, len(x), x[i])
				}
			}
		}
		bytes := int64(8 * (1 + 2 + 511 + 512 + 513 + 4096 + 70_000))
		if u := s.Usage(); u.Held != bytes || u.Most != bytes || (u.Files > 0) != (name != "memory") || u.Files != u.MostFiles {
			t.Errorf("%s: %+v, want %d bytes", name, u, bytes)
		}
		Free(s, held[6][:5]) // any slice that begins there
		Free(s, held[5])
		Free(s, make([]int64, 10)) // not its own
		if u := s.Usage(); u.Held != 8*(1+2+511+512+513) || u.Most != bytes {
			t.Errorf("%s: after Free %+v", name, u)
		}
		s.Close()
		if u := s.Usage(); u.Held != 0 || u.Files != 0 {
			t.Errorf("%s: after Close %+v", name, u)
		}
		s.Close()
	}
}

// Without a Space, and below the least size, slices are on the Go heap.
func TestGoHeap(t *testing.T) {
	var none *Space
	x := Make[uint8](none, 10)
	Free(none, x)
	none.Sub().Close()
	none.Notify(nil)
	if len(x) != 10 || none.Err() != nil || none.Usage() != (Usage{}) || none.MayUseFiles() || none.Sub() != nil {
		t.Error("a nil Space does something")
	}
	s := New(Config{})
	defer s.Close()
	if Make[uint8](s, Least-1); s.Usage().Held != 0 {
		t.Error("a small slice is mapped")
	}
	if Make[uint8](s, Least); s.Usage().Held != Least {
		t.Error("a large slice is not mapped")
	}
}

// What a Sub made is given back with it, what others made is not.
func TestSub(t *testing.T) {
	s := New(Config{Least: 1})
	defer s.Close()
	outer := Make[int32](s, 100)
	sub := s.Sub()
	inner := sub.Sub()
	Make[int32](sub, 10)
	Make[int32](inner, 1000)
	gone := Make[int32](sub, 10_000)
	Free(s, gone) // through any Space of the same root
	sub.Close()
	if held := s.Usage().Held; held != 4*1100 {
		t.Errorf("%d bytes held, want those of the outer and the inner slice", held)
	}
	inner.Close()
	outer[99] = 1
	if held := s.Usage().Held; held != 400 {
		t.Errorf("%d bytes held", held)
	}
}

// Files have no name, at no time.
func TestNoNames(t *testing.T) {
	dir := t.TempDir()
	s := New(Config{Least: 1, Dir: dir})
	for range 5 {
		Make[int64](s, 1000)[7] = 1
		if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
			t.Fatalf("%v", left)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 0 {
		t.Errorf("%v, %v", entries, err)
	}
	s.Close()
}

// Pages come back with what was in them, however often they are taken away while others write.
func TestEviction(t *testing.T) {
	s := New(Config{Least: 1, Dir: t.TempDir(), Limit: 1 << 20}) // less than any process holds: it evicts all the time
	defer s.Close()
	var wait sync.WaitGroup
	for worker := range uint64(3) {
		wait.Go(func() {
			r := rand.New(rand.NewPCG(worker, 1))
			x, want := Make[uint64](s, 1<<18), make([]uint64, 1<<18)
			for range 1 << 20 {
				i, v := r.IntN(len(x)), r.Uint64()
				x[i], want[i] = v, v
			}
			for i := range x {
				if x[i] != want[i] {
					t.Errorf("cell %d is %x, want %x", i, x[i], want[i])
					return
				}
			}
			Free(s, x)
		})
	}
	x := Make[uint64](s, 1<<18)
	x[0] = 5
	for range 20 {
		s.evict(1 << 40)
	}
	wait.Wait()
	if x[0] != 5 || s.Usage().Evicted == 0 {
		t.Errorf("%d, %+v", x[0], s.Usage())
	}
}

// A slice that cannot be made is one of the heap; the first failure is told once, and kept.
func TestNoRoom(t *testing.T) {
	s := New(Config{Least: 1, Dir: filepath.Join(t.TempDir(), "missing")})
	defer s.Close()
	var told []error
	s.Notify(func(err error) { told = append(told, err) })
	for range 3 {
		if x := Make[int64](s, 1<<17); len(x) != 1<<17 {
			t.Fatal("no slice")
		}
	}
	if len(told) != 1 || !errors.Is(s.Err(), os.ErrNotExist) || told[0] != s.Err() || !strings.Contains(s.Err().Error(), "no room for 1 MiB more in ") ||
		!strings.Contains(s.Err().Error(), "--spill") {
		t.Errorf("told %v, error %v", told, s.Err())
	}
}

// On a full disk the slices there are stay as they are.
func TestDiskFull(t *testing.T) {
	s := New(Config{Least: 1, Dir: t.TempDir()})
	defer s.Close()
	x := Make[int64](s, 1000)
	s.mapFile = func(string, int64) ([]byte, error) { return nil, syscall.ENOSPC }
	y := Make[int64](s, 1000)
	x[999], y[999] = 1, 2
	if !errors.Is(s.Err(), syscall.ENOSPC) || s.Usage().Files != 8000 {
		t.Errorf("error %v, %+v", s.Err(), s.Usage())
	}
	Free(s, x)
	Free(s, y)
}

// T must hold no pointers: the collector does not look into mappings.
func TestNoPointers(t *testing.T) {
	s := New(Config{Least: 1})
	defer s.Close()
	type plain struct {
		a [3]int32
		b struct{ c float64 }
	}
	Make[plain](s, 3)
	for name, f := range map[string]func(){
		"texts":    func() { Make[string](s, 3) },
		"pointers": func() { Make[*int](s, 3) },
		"within":   func() { Make[struct{ x [2][]int }](s, 3) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: made", name)
				}
			}()
			f()
		}()
	}
}

func TestContext(t *testing.T) {
	if From(context.Background()) != nil {
		t.Error("a Space from nowhere")
	}
	s := New(Config{})
	defer s.Close()
	if From(With(context.Background(), s)) != s {
		t.Error("another Space")
	}
}
