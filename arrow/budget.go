package arrow

import (
	"fmt"
	"sync/atomic"
	"unsafe"
)

// Budget bounds the bytes that reading may hold at one time. It is safe for concurrent use.
type Budget struct {
	limit int64
	used  atomic.Int64
}

// NewBudget gives leave for limit bytes, DefaultMemory when it is not positive. Readings that share it share the limit.
func NewBudget(limit int64) *Budget {
	if limit <= 0 {
		limit = DefaultMemory
	}
	return &Budget{limit: limit}
}

// budgetError says that data need more memory than there is leave for.
type budgetError struct {
	need, limit int64
	what        string
}

func (e *budgetError) Error() string {
	return fmt.Sprintf("%s needs %s, the memory limit is %s; raise the limit (--memory) if the file is what it says",
		e.what, byteCount(e.need), byteCount(e.limit))
}

// take reserves n bytes.
func (b *Budget) take(n int64, what string) error {
	if n < 0 || n > b.limit {
		return &budgetError{n, b.limit, what}
	}
	if used := b.used.Add(n); used > b.limit {
		b.used.Add(-n)
		return &budgetError{used, b.limit, what}
	}
	return nil
}

// give hands n reserved bytes back.
func (b *Budget) give(n int64) { b.used.Add(-n) }

// byteCount prints a size for people.
func byteCount(n int64) string {
	switch {
	case n < 0:
		return "more bytes than can be counted"
	case n < 1<<10:
		return fmt.Sprintf("%d bytes", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	case n < 1<<30:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}

// scratch is a buffer that grows within a budget and is reused.
type scratch struct {
	b   *Budget
	buf []byte
}

// sized returns n bytes of unspecified content.
func (s *scratch) sized(n int, what string) ([]byte, error) {
	if n > cap(s.buf) {
		if err := s.b.take(int64(n-cap(s.buf)), what); err != nil {
			return nil, err
		}
		s.buf = make([]byte, n)
	}
	return s.buf[:n], nil
}

// free gives the buffer back.
func (s *scratch) free() {
	s.b.give(int64(cap(s.buf)))
	s.buf = nil
}

// allocator is the budget as Arrow's memory allocator; going beyond panics with a *budgetError.
type allocator struct{ b *Budget }

// Allocate returns zeroed bytes.
func (a allocator) Allocate(n int) []byte {
	if err := a.b.take(int64(n), "a buffer of the file"); err != nil {
		panic(err)
	}
	const align = 64
	buf := make([]byte, n+align)
	return buf[:n:n]
}

// Reallocate returns size bytes that begin with those of b.
func (a allocator) Reallocate(size int, b []byte) []byte {
	if size <= cap(b) {
		a.b.give(int64(len(b) - size))
		return b[:size]
	}
	n := a.Allocate(size)
	copy(n, b)
	a.Free(b)
	return n
}

// Free gives the bytes back to the budget.
func (a allocator) Free(b []byte) { a.b.give(int64(len(b))) }

// holding is what buffers of one owner have taken of a budget.
type holding struct {
	b *Budget
	n int64
}

// free gives everything back.
func (h *holding) free() {
	h.b.give(h.n)
	h.n = 0
}

// grow returns a slice of length n with unspecified content, reusing s when it is long enough.
func grow[T any](h *holding, s []T, n int) ([]T, error) {
	if n <= cap(s) {
		return s[:n], nil
	}
	var t T
	more := int64(n-cap(s)) * int64(unsafe.Sizeof(t))
	if err := h.b.take(more, "a page"); err != nil {
		return nil, err
	}
	h.n += more
	return make([]T, n), nil
}
