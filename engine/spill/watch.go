package spill

import (
	"bytes"
	"os"
	"strconv"
	"time"

	"planwerk/kernels/system"
)

const (
	// lookEvery is the time between two looks at the size of the process: it grows by some 20 MiB meanwhile.
	lookEvery = 4 * time.Millisecond
	// stride is how much of a mapping loses its pages at one time.
	stride = 16 << 20
)

// watch keeps the process below the limit as long as pages of files are what it holds, until Close.
func (s *Space) watch() {
	if resident() < 0 {
		return // this system does not tell; it sees to its memory itself
	}
	high := s.cfg.Limit - min(s.cfg.Limit/8, 512<<20)
	low := high - high/8
	go func() {
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for {
			select {
			case <-s.stop:
				return
			case <-tick.C:
			}
			if r := resident(); r > high {
				s.evict(r - low)
			}
		}
	}()
}

// evict takes pages away, going round the blocks, until the process is smaller by want bytes or all have lost theirs.
func (s *Space) evict(want int64) {
	begun := resident()
	for done := int64(0); begun-resident() < want; {
		n := s.evictStride()
		if done += n; n == 0 || done > s.mapped() {
			return
		}
	}
}

func (s *Space) mapped() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.usage.Files
}

// evictStride takes the pages of the next stride away and gives its length; 0 when there is no block.
func (s *Space) evictStride() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return 0
	}
	b := s.queue[s.hand%len(s.queue)]
	part := b.data[b.next:min(b.next+stride, len(b.data))]
	system.LetGo(part)
	s.usage.Evicted += int64(len(part))
	if b.next += len(part); b.next == len(b.data) {
		b.next = 0
		s.hand = (s.hand + 1) % len(s.queue)
	}
	return int64(len(part))
}

// resident is the memory the process holds in bytes, −1 where the system does not tell.
func resident() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return -1
	}
	fields := bytes.Fields(text)
	if len(fields) < 2 {
		return -1
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	if err != nil {
		return -1
	}
	return pages * int64(os.Getpagesize())
}
