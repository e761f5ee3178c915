package ledger

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// forms make ids out of numbers: of one form and length or of several, with integers among them and without.
var forms = map[string]func(r *rand.Rand, x int) []byte{
	"hashes":   func(_ *rand.Rand, x int) []byte { return fmt.Appendf(nil, "%064x", x*x*x) },
	"odd ends": func(_ *rand.Rand, x int) []byte { return fmt.Appendf(nil, "%026x", x*x*x) },
	"texts":    func(_ *rand.Rand, x int) []byte { return fmt.Appendf(nil, "workload %06d", x) },
	"several": func(r *rand.Rand, x int) []byte {
		switch {
		case x < 100:
			return nil
		case x < 300:
			return fmt.Append(nil, r.Uint64()>>1)
		case x < 1000:
			return fmt.Appendf(nil, "name %0*d", 1+x%40, x)
		case x < 2000:
			return fmt.Appendf(nil, "%0*x", 16+x%10, x*x)
		case x < 2100:
			return fmt.Appendf(nil, "%032X", x*x*x)
		}
		return fmt.Appendf(nil, "%032x", x*x*x)
	},
}

// One by one and together, as texts and, where they are hexadecimal, as bytes, against a map.
func TestInternAgainstAMap(t *testing.T) {
	for name, form := range forms {
		r := rand.New(rand.NewPCG(1, 2))
		d := NewDomain("ids")
		known := map[string]Key{}
		names := map[Key]string{}
		for round := range 300 {
			var data, raw []byte
			offsets, ends := []int32{0}, []int32{0}
			for range r.IntN(700) {
				data = append(data, form(r, r.IntN(5000))...)
				if r.IntN(5) == 0 { // the same again
					data = append(data, data[offsets[len(offsets)-1]:]...)
					offsets = append(offsets, (offsets[len(offsets)-1]+int32(len(data)))/2)
				}
				offsets = append(offsets, int32(len(data)))
			}
			keys := make([]Key, len(offsets)-1)
			bytewise := (name == "hashes" || name == "odd ends") && round%2 == 0
			if bytewise {
				for i := range keys {
					b, err := hex.DecodeString(string(data[offsets[i]:offsets[i+1]]))
					if err != nil {
						t.Fatal(err)
					}
					raw = append(raw, b...)
					ends = append(ends, int32(len(raw)))
				}
				d.InternBinary(raw, ends, keys)
			} else {
				d.InternAll(data, offsets, keys)
			}
			for i, k := range keys {
				text := string(data[offsets[i]:offsets[i+1]])
				old, is := known[text]
				if is && old != k || d.Text(k) != text || d.Intern([]byte(text)) != k || text == "" && k != NullKey {
					t.Fatalf("%s: %q has key %d, %q; had %d", name, text, k, d.Text(k), old)
				}
				if n, is := names[k]; is && n != text {
					t.Fatalf("%s: key %d is %q and %q", name, k, n, text)
				}
				if k < 0 && k != NullKey && int(-1-k) >= d.Bound() {
					t.Fatalf("%s: key %d beyond %d", name, k, d.Bound())
				}
				known[text], names[k] = k, text
			}
		}
		if (d.loose != nil) != (name == "several") || d.Bound() < 3000 || d.Bound() > len(names) {
			t.Fatalf("%s: %d texts, loose: %v", name, d.Bound(), d.loose != nil)
		}
	}
}

// Binary ids of any length are their hexadecimal texts: short ones of digits alone are integers.
func TestInternBinary(t *testing.T) {
	d := NewDomain("ids")
	for length := range 70 {
		for _, b := range []byte{0x00, 0x12, 0x9f, 0xab} {
			id := bytes.Repeat([]byte{b}, length)
			key := []Key{0}
			d.InternBinary(id, []int32{0, int32(length)}, key)
			if text := hex.EncodeToString(id); d.Text(key[0]) != text || d.Intern([]byte(text)) != key[0] || (key[0] >= 0) != (length > 0 && length < 10 && b == 0x12 || length == 0 && key[0] != NullKey) {
				t.Fatalf("%x has key %d, %q", id, key[0], d.Text(key[0]))
			}
		}
	}
}

// Every text of eight characters that are nearly digits is packed, or refused, as the standard library does.
func TestPackHex(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	for range 200_000 {
		text := []byte("0123456789abcdef0123456789abcdef0123456789abcdef")[:leastPacked-2+r.IntN(24)]
		for range r.IntN(3) {
			text[r.IntN(len(text))] = byte(r.IntN(256))
		}
		want, err := hex.DecodeString(string(text))
		valid := err == nil && len(text) >= leastPacked && bytes.Equal(bytes.ToLower(text), text)
		got, ok := packHex([]byte("before"), text)
		if ok != valid || ok && !bytes.Equal(got, append([]byte("before"), want...)) || ok && !bytes.Equal(appendHex(nil, want), text) {
			t.Fatalf("%q: %x, %v", text, got, ok)
		}
	}
}

// Threads that bring the same ids in other orders agree on every key.
func TestInternTogether(t *testing.T) {
	d := NewDomain("ids")
	const n = 50_000
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
		group.Go(func() {
			from := i * n / len(keys)
			d.InternAll(data, offsets[from:], keys[i][from:])
			d.InternAll(data, offsets[:from+1], keys[i][:from])
		})
	}
	group.Wait()
	if d.Bound() < n || d.Bound() > n+8*longestRun {
		t.Fatalf("%d texts", d.Bound())
	}
	for i := range keys {
		if !slices.Equal(keys[i], keys[0]) {
			t.Fatal("threads got different keys")
		}
	}
	for i, k := range keys[0] {
		if d.Text(k) != string(data[offsets[i]:offsets[i+1]]) {
			t.Fatalf("text %d", i)
		}
	}
}

// References to ids of 32 bytes as readers bring them, some thousands at a time: at random, or in stretches of a few hundred
// that name few ids.
func BenchmarkIntern(b *testing.B) {
	const length, references = 32, 1 << 24
	for _, distinct := range []int{1_000_000, 10_000_000} {
		for _, kind := range []string{"binary", "hex", "text"} {
			r := rand.New(rand.NewPCG(1, 3))
			names := make([]byte, distinct*length)
			for i := 0; i < len(names); i += 8 {
				switch x := r.Uint64(); kind {
				case "binary":
					binary.LittleEndian.PutUint64(names[i:], x)
				case "hex":
					copy(names[i:], fmt.Appendf(nil, "%08x", uint32(x)))
				default:
					copy(names[i:], fmt.Appendf(nil, "X%07x", uint32(x)))
				}
			}
			benchmarkIntern(b, fmt.Sprintf("%s/distinct=%d", kind, distinct), r, names, length, references, kind == "binary")
		}
	}
}

func benchmarkIntern(b *testing.B, name string, r *rand.Rand, names []byte, length, references int, binary bool) {
	const block = 1 << 14
	offsets := make([]int32, block+1)
	for i := range offsets {
		offsets[i] = int32(i * length)
	}
	intern := func(d *Domain, data []byte, keys []Key) {
		for lo := 0; lo < len(data); lo += block * length {
			part := data[lo:min(lo+block*length, len(data))]
			if n := len(part) / length; binary {
				d.InternBinary(part, offsets[:n+1], keys[:n])
			} else {
				d.InternAll(part, offsets[:n+1], keys[:n])
			}
		}
	}
	distinct := len(names) / length
	keys := make([]Key, block)
	b.Run(name+"/new", func(b *testing.B) {
		for range b.N {
			intern(NewDomain("ids"), names, keys)
		}
		b.ReportMetric(float64(distinct)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mids/s")
	})
	d := NewDomain("ids")
	intern(d, names, keys)
	for _, clustered := range []bool{false, true} {
		data := make([]byte, references*length)
		for i, at := 0, 0; i < references; i++ {
			if !clustered || i%512 == 0 {
				at = r.IntN(distinct)
			}
			k := at
			if clustered {
				k = (at + r.IntN(64)) % distinct
			}
			copy(data[i*length:], names[k*length:(k+1)*length])
		}
		b.Run(fmt.Sprintf("%s/known/clustered=%v", name, clustered), func(b *testing.B) {
			for range b.N {
				intern(d, data, keys)
			}
			b.ReportMetric(float64(references)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mids/s")
		})
	}
}
