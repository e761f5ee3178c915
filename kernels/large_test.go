package kernels

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"unsafe"
)

func TestLarge(t *testing.T) {
	for _, n := range []int{0, 1, largeBytes/8 - 1, largeBytes / 8, 3*largeBytes/8 + 12345} {
		v := Large[float64](n)
		if len(v) != n {
			t.Fatalf("%d of %d", len(v), n)
		}
		for i := range v {
			if v[i] != 0 {
				t.Fatalf("entry %d of %d is %v", i, n, v[i])
			}
			v[i] = 1
		}
	}
}

// TestLargeIsAdvised looks for the advice, "hg", in what the kernel says of the memory.
func TestLargeIsAdvised(t *testing.T) {
	v := Large[int64](1 << 22)
	text, err := os.ReadFile("/proc/self/smaps")
	if state, _ := os.ReadFile("/sys/kernel/mm/transparent_hugepage/enabled"); err != nil || !bytes.Contains(state, []byte("madvise")) {
		t.Skip("this system does not tell, or has no large pages")
	}
	at, within := uintptr(unsafe.Pointer(&v[len(v)/2])), false
	for line := range strings.Lines(string(text)) {
		if from, end, ok := addressRange(line); ok {
			within = from <= at && at < end
		} else if flags, ok := strings.CutPrefix(line, "VmFlags:"); ok && within {
			if !strings.Contains(flags+" ", " hg ") && !strings.Contains(flags, " hg\n") {
				t.Errorf("no large pages: %s", flags)
			}
			return
		}
	}
	t.Skip("the memory is not in the list")
}

// addressRange reads the first line of a mapping.
func addressRange(line string) (from, end uintptr, ok bool) {
	place, _, _ := strings.Cut(line, " ")
	a, b, ok := strings.Cut(place, "-")
	if !ok {
		return 0, 0, false
	}
	from, ok1 := hexadecimal(a)
	end, ok2 := hexadecimal(b)
	return from, end, ok1 && ok2
}

func hexadecimal(text string) (v uintptr, ok bool) {
	for _, c := range text {
		k := strings.IndexRune("0123456789abcdef", c)
		if k < 0 {
			return 0, false
		}
		v = v<<4 | uintptr(k)
	}
	return v, len(text) > 0
}
