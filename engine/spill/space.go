package spill

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Least is the size in bytes from which on a slice gets a mapping of its own.
const Least = 1 << 20

// Config says what a Space is to be.
type Config struct {
	Dir    string // folder for files; "": memory alone
	Memory int64  // with Dir: bytes of slices that lie in memory before files are used
	Limit  int64  // with Dir: bytes that the process may hold; 0: none
	Least  int64  // slices of fewer bytes are made on the Go heap; 0: the constant Least
}

// Space gives slices and takes them back. It is safe for concurrent use. nil: the Go heap.
type Space struct {
	*root
	sub bool
}

// root is what a Space and those made from it share.
type root struct {
	cfg     Config
	stop    chan struct{}
	mapFile func(dir string, size int64) ([]byte, error) // tests set what a full disk does

	mu       sync.Mutex
	blocks   map[uintptr]*block
	queue    []*block // of files, in the order in which they lose their pages
	hand     int      // next of queue to lose its pages
	memory   int64    // bytes of slices in memory
	usage    Usage
	err      error
	failed   func(error)
	finished bool
}

var inMemory atomic.Int64

// block is one mapping.
type block struct {
	data  []byte
	file  bool
	owner *Space
	next  int // of files: the next byte to lose its page
}

// New makes a Space. Close it when nothing made in it is used any more.
func New(cfg Config) *Space {
	if cfg.Least <= 0 {
		cfg.Least = Least
	}
	s := &Space{root: &root{cfg: cfg, blocks: map[uintptr]*block{}, stop: make(chan struct{}), mapFile: mapFile}}
	if cfg.Dir != "" && cfg.Limit > 0 {
		s.watch()
	}
	return s
}

// Sub is a Space whose Close gives back what was made in it and not freed, for scratch.
func (s *Space) Sub() *Space {
	if s == nil {
		return nil
	}
	return &Space{s.root, true}
}

// Make gives a slice of n zeros. T must hold no pointers.
func Make[T any](s *Space, n int) []T {
	var t T
	size := int64(n) * int64(unsafe.Sizeof(t))
	if s == nil || n == 0 || size < s.cfg.Least {
		return make([]T, n)
	}
	if hasPointers(reflect.TypeFor[T]()) {
		panic(fmt.Sprintf("spill: slices of %T hold pointers", t))
	}
	data := s.take(size)
	if data == nil {
		return make([]T, n)
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(data))), n)
}

// Free gives back a slice that Make gave, or any that begins where it begins. The slice must not be used again. One that
// is not from s is left alone.
func Free[T any](s *Space, x []T) {
	if s == nil || cap(x) == 0 {
		return
	}
	s.free(uintptr(unsafe.Pointer(unsafe.SliceData(x))))
}

func hasPointers(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if hasPointers(t.Field(i).Type) {
				return true
			}
		}
		return false
	case reflect.Array:
		return hasPointers(t.Elem())
	}
	return t.Kind() > reflect.Complex128 || t.Kind() == reflect.Uintptr
}

// take maps size bytes; nil when that fails.
func (s *Space) take(size int64) []byte {
	if s.Err() != nil {
		return nil
	}
	b := &block{owner: s, file: !s.reserve(size)}
	var err error
	if b.file {
		b.data, err = s.mapFile(s.cfg.Dir, size)
	} else {
		b.data, err = mapMemory(size)
	}
	if err != nil {
		s.fail(err, size, b.file)
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blocks[uintptr(unsafe.Pointer(unsafe.SliceData(b.data)))] = b
	if b.file {
		s.queue = append(s.queue, b)
		s.usage.Files += size
		s.usage.MostFiles = max(s.usage.MostFiles, s.usage.Files)
	}
	s.usage.Held += size
	s.usage.Most = max(s.usage.Most, s.usage.Held)
	return b.data
}

// reserve takes size bytes of the memory there is; false: it must be a file.
func (s *Space) reserve(size int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cfg.Dir != "" && s.memory+size > s.cfg.Memory {
		return false
	}
	s.memory += size
	inMemory.Add(size)
	return true
}

func (s *Space) fail(err error, size int64, file bool) {
	s.mu.Lock()
	first := s.err == nil
	switch {
	case first && file:
		s.err = fmt.Errorf("no room for %d MiB more in %s, beside the %d MiB that the columns of the ledger take there: %w; make room, or give another folder with --spill",
			size>>20, s.cfg.Dir, s.usage.Files>>20, err)
	case first:
		s.err = fmt.Errorf("no memory for %d MiB more beside the %d MiB held: %w", size>>20, s.memory>>20, err)
	}
	if !file {
		s.memory -= size
		inMemory.Add(-size)
	}
	err, tell := s.err, s.failed
	s.mu.Unlock()
	if first && tell != nil {
		tell(err)
	}
}

func (s *Space) free(at uintptr) {
	s.mu.Lock()
	b := s.blocks[at]
	if b != nil {
		s.forget(at, b)
	}
	s.mu.Unlock()
	if b != nil {
		unmap(b.data)
	}
}

// forget takes a block out of the lists, so that nothing touches its mapping any more.
func (r *root) forget(at uintptr, b *block) {
	delete(r.blocks, at)
	size := int64(len(b.data))
	r.usage.Held -= size
	if !b.file {
		r.memory -= size
		inMemory.Add(-size)
		return
	}
	r.usage.Files -= size
	for i := range r.queue {
		if r.queue[i] == b {
			r.queue = append(r.queue[:i], r.queue[i+1:]...)
			if r.hand > i {
				r.hand--
			}
			break
		}
	}
}

// Close gives back everything that was made in s and not freed.
func (s *Space) Close() {
	if s == nil {
		return
	}
	s.mu.Lock()
	var list [][]byte
	for at, b := range s.blocks {
		if !s.sub || b.owner == s {
			s.forget(at, b)
			list = append(list, b.data)
		}
	}
	if !s.sub && !s.finished {
		s.finished = true
		close(s.stop)
	}
	s.mu.Unlock()
	for _, data := range list {
		unmap(data)
	}
}

// Err says why a slice could not be made; nil while none failed.
func (s *Space) Err() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Notify has f called once, when a slice cannot be made.
func (s *Space) Notify(f func(error)) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = f
}

// MayUseFiles reports whether slices may lie in files, now or later.
func (s *Space) MayUseFiles() bool { return s != nil && s.cfg.Dir != "" }

// Usage is what slices take, in bytes.
type Usage struct {
	Held, Most       int64 // all of them: now, and at the most
	Files, MostFiles int64 // those in files
	Evicted          int64 // mappings of files taken away to stay below the limit
}

// Usage tells what the slices of s take, with those of all Spaces made from the same one.
func (s *Space) Usage() Usage {
	if s == nil {
		return Usage{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.usage
}

// InMemory is the memory in bytes that Spaces without files hold now.
func InMemory() int64 { return inMemory.Load() }
