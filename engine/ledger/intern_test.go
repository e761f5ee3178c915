package ledger

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// Texts of one length, of several, integers and none, one by one and together, against a map.
func TestInternAgainstAMap(t *testing.T) {
	for _, several := range []bool{false, true} {
		r := rand.New(rand.NewPCG(1, 2))
		d := NewDomain("ids")
		known := map[string]Key{}
		names := map[Key]string{}
		for range 300 {
			var data []byte
			offsets := []int32{0}
			for range r.IntN(700) {
				switch x := r.IntN(5000); {
				case x < 100:
				case x < 300:
					data = fmt.Append(data, r.Uint64()>>1)
				case several && x < 1000:
					data = fmt.Appendf(data, "name %0*d", 1+x%40, x)
				default:
					data = fmt.Appendf(data, "%032x", x*x*x)
				}
				offsets = append(offsets, int32(len(data)))
			}
			keys := make([]Key, len(offsets)-1)
			d.InternAll(data, offsets, keys)
			for i, k := range keys {
				text := string(data[offsets[i]:offsets[i+1]])
				old, is := known[text]
				if is && old != k || d.Text(k) != text || d.Intern([]byte(text)) != k || text == "" && k != NullKey {
					t.Fatalf("%q has key %d, %q; had %d", text, k, d.Text(k), old)
				}
				if n, is := names[k]; is && n != text {
					t.Fatalf("key %d is %q and %q", k, n, text)
				}
				known[text], names[k] = k, text
			}
		}
		if (d.offsets != nil) != several || d.Texts() < 3000 {
			t.Fatalf("%d texts, several lengths: %v", d.Texts(), several)
		}
	}
}

func TestInternTogether(t *testing.T) {
	d := NewDomain("ids")
	const n = 5000
	var data []byte
	offsets := []int32{0}
	for i := range n {
		data = fmt.Appendf(data, "%064x", i*i)
		offsets = append(offsets, int32(len(data)))
	}
	keys := make([][]Key, 8)
	var group sync.WaitGroup
	for i := range keys {
		keys[i] = make([]Key, n)
		group.Go(func() { d.InternAll(data, offsets, keys[i]) })
	}
	group.Wait()
	if d.Texts() != n || slices.Max(keys[0]) != -1 || slices.Min(keys[0]) != -n {
		t.Fatalf("%d texts", d.Texts())
	}
	for i := range keys {
		if !slices.Equal(keys[i], keys[0]) {
			t.Fatal("threads got different keys")
		}
	}
	for i, k := range keys[0] {
		if !bytes.Equal(d.text(-1-k), data[offsets[i]:offsets[i+1]]) {
			t.Fatalf("text %d", i)
		}
	}
}

// References to ids of 32 bytes as readers bring them, 4096 at a time: at random, or in stretches of a few hundred that
// name few ids.
func BenchmarkIntern(b *testing.B) {
	const length, block, references = 32, 4096, 1 << 24
	for _, distinct := range []int{1_000_000, 10_000_000} {
		r := rand.New(rand.NewPCG(1, 3))
		names := make([]byte, distinct*length)
		for i := 0; i < len(names); i += 8 {
			copy(names[i:], fmt.Appendf(nil, "%08x", r.Uint32()))
		}
		offsets := make([]int32, block+1)
		for i := range offsets {
			offsets[i] = int32(i * length)
		}
		for _, clustered := range []bool{false, true} {
			d := NewDomain("ids")
			text, keys := make([]byte, references*length), make([]Key, block)
			for i, at := 0, 0; i < references; i++ {
				if !clustered || i%512 == 0 {
					at = r.IntN(distinct)
				}
				k := at
				if clustered {
					k = (at + r.IntN(64)) % distinct
				}
				copy(text[i*length:], names[k*length:(k+1)*length])
			}
			b.Run(fmt.Sprintf("new/distinct=%d", distinct), func(b *testing.B) {
				if clustered {
					b.Skip("once is enough")
				}
				for range b.N {
					d = NewDomain("ids")
					for lo := 0; lo+block <= distinct; lo += block {
						d.InternAll(names[lo*length:(lo+block)*length], offsets, keys)
					}
				}
				b.ReportMetric(float64(distinct)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mids/s")
			})
			for lo := 0; lo+block <= distinct; lo += block {
				d.InternAll(names[lo*length:(lo+block)*length], offsets, keys)
			}
			b.Run(fmt.Sprintf("known/distinct=%d/clustered=%v", distinct, clustered), func(b *testing.B) {
				for range b.N {
					for lo := 0; lo < references; lo += block {
						d.InternAll(text[lo*length:(lo+block)*length], offsets, keys)
					}
				}
				b.ReportMetric(references*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mids/s")
			})
			if keys[0] == math.MinInt64 {
				b.Fatal("no id")
			}
		}
	}
}
