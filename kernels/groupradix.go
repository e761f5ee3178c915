package kernels

import (
	"math/bits"
	"unsafe"
)

// RadixSums is GroupSum for so many groups that each value would wait for memory: values are first put into buckets of
// groups that lie together, then added bucket by bucket, each of which a near cache holds. Its memory, 16 bytes a value up
// to a quarter of a gigabyte, is kept from call to call. It is as quick as GroupSum at 4 M groups and quicker from there on
// (bench/NOTES.md); below, it is slower.
type RadixSums struct {
	next  []int32 // per bucket: where its next value goes
	entry []groupValue
	line  []groupValue // per bucket: the values of the line of memory that is being filled
}

type groupValue struct {
	x    int64
	code int64
}

// Buckets have 2^bucketGroups groups, 512 KiB of sums, but there are not more than radixBuckets of them, for which there
// are lines in a near cache. radixBlock values at most are put into buckets at once, lineValues of them into a line of
// memory.
const (
	bucketGroups = 15
	radixBuckets = 512
	radixBlock   = 1 << 24
	lineValues   = 4
)

// Add is GroupSum(dst, code, x):
//
//	for i, c := range code { if c >= 0 { dst[c] = dst[c].AddInt64(x[i]) } }
//
// x is at least as long as code; codes lie below len(dst).
func (s *RadixSums) Add(dst []Int128, code []int32, x []int64) {
	x = x[:len(code)]
	if level < AVX2 {
		groupSum(dst, code, x)
		return
	}
	for len(code) > 0 {
		n := min(radixBlock, len(code))
		s.block(dst, code[:n], x[:n])
		code, x = code[n:], x[n:]
	}
}

// block puts the values into buckets and adds them.
func (s *RadixSums) block(dst []Int128, code []int32, x []int64) {
	shift := max(bucketGroups, bits.Len(uint(len(dst)))-bits.Len(radixBuckets-1))
	s.room(len(dst)>>shift+1, len(code))
	clear(s.next)
	for _, c := range code {
		if c >= 0 {
			s.next[c>>shift]++
		}
	}
	begin, at := make([]int32, len(s.next)), int32(0)
	for b, n := range s.next {
		s.next[b], begin[b] = at, at
		at += (n + lineValues - 1) &^ (lineValues - 1) // each bucket begins with a line
	}
	scatterAVX2(&s.entry[0].x, &s.line[0].x, &s.next[0], &code[0], &x[0], len(code), shift)
	for b, end := range s.next {
		filled := end & (lineValues - 1)
		copy(s.entry[end-filled:end], s.line[b*lineValues:])
		addEntries(dst, s.entry[begin[b]:end])
	}
}

func addEntries(dst []Int128, entry []groupValue) {
	for len(entry) > 0 {
		n := min(sumsAhead, len(entry))
		if ahead := entry[n:min(2*sumsAhead, len(entry))]; len(ahead) > 0 {
			fetchEntriesAVX2(&dst[0].Hi, &ahead[0].code, len(ahead))
		}
		for _, e := range entry[:n] {
			d := &dst[e.code]
			lo, carry := bits.Add64(d.Lo, uint64(e.x), 0)
			d.Lo = lo
			d.Hi += e.x>>63 + int64(carry)
		}
		entry = entry[n:]
	}
}

// room makes the memory for so many buckets and values, in whole lines.
func (s *RadixSums) room(buckets, values int) {
	if cap(s.next) < buckets {
		s.next, s.line = make([]int32, buckets), lines(buckets)
	}
	s.next = s.next[:buckets]
	if most := (values+lineValues-1)/lineValues + buckets; len(s.entry) < most*lineValues {
		s.entry = lines(most)
	}
}

// lines gives memory for n lines of values, which begins with a line.
func lines(n int) []groupValue {
	const words = 64 / 8
	w := Large[int64]((n + 1) * words)
	skip := -uintptr(unsafe.Pointer(&w[0])) % 64 / 8
	return unsafe.Slice((*groupValue)(unsafe.Pointer(&w[skip])), n*lineValues)
}
