package kernels

// MarkWindow marks the times after `after` and not after `until`: bit i of mark stands for t[i]. It writes ⌈len(t)/64⌉ words;
// bits behind the last time are 0.
//
//	for i := range t { mark[i/64] |= bit(after < t[i] && t[i] <= until) << (i%64) }
func MarkWindow(mark []uint64, t []int64, after, until int64) {
	if words := len(t) / 64; level >= AVX2 && words > 0 {
		_ = mark[:words]
		markWindowAVX2(&mark[0], &t[0], words, after, until)
		mark, t = mark[words:], t[64*words:]
	}
	markWindow(mark, t, after, until)
}

func markWindow(mark []uint64, t []int64, after, until int64) {
	for len(t) > 0 {
		n := min(len(t), 64)
		word := uint64(0)
		for i, v := range t[:n] {
			word |= (bit(after < v) & bit(v <= until)) << i
		}
		mark[0] = word
		mark, t = mark[1:], t[n:]
	}
}

// MarkFlags takes off the marks of the values whose flags are not as wanted: bit i of mark stands for flags[i].
//
//	for i := range flags { if flags[i]&care != want { mark[i/64] &^= 1 << (i%64) } }
//
// mark has at least ⌈len(flags)/64⌉ words; bits behind the last flag keep what they are.
func MarkFlags(mark []uint64, flags []uint8, care, want uint8) {
	if words := len(flags) / 64; level >= AVX2 && words > 0 {
		_ = mark[:words]
		markFlagsAVX2(&mark[0], &flags[0], words, care, want)
		mark, flags = mark[words:], flags[64*words:]
	}
	markFlags(mark, flags, care, want)
}

func markFlags(mark []uint64, flags []uint8, care, want uint8) {
	for len(flags) > 0 {
		n := min(len(flags), 64)
		word := uint64(0)
		for i, f := range flags[:n] {
			word |= bit(f&care != want) << i
		}
		mark[0] &^= word
		mark, flags = mark[1:], flags[n:]
	}
}

// bit is 1 for true, without a branch.
func bit(b bool) (x uint64) {
	if b {
		x = 1
	}
	return x
}
