package hardware

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"math"
	"reflect"
	"unsafe"
)

// source is splitmix64: every machine draws the same numbers.
type source uint64

func (s *source) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below draws 0 … n−1.
func (s *source) below(n int) int { return int(s.next() >> 32 * uint64(n) >> 32) }

// unit draws from [0, 1).
func (s *source) unit() float64 { return float64(s.next()>>11) * 0x1p-53 }

// zipf draws 0 … n−1, i with a probability about ∝ 1/(i+1): the inverse of the logarithm. Exp is rounded alike nowhere, so
// the draws come from a table of powers made by multiplication.
type zipf struct{ table []int32 }

func newZipf(n int) *zipf {
	const steps = 1 << 16
	z := &zipf{make([]int32, steps)}
	// (n+1)^(1/steps) by repeated square roots, which IEEE 754 rounds alike everywhere.
	ratio := float64(n + 1)
	for range 16 {
		ratio = math.Sqrt(ratio)
	}
	v := 1.0
	for i := range z.table {
		z.table[i] = int32(min(int(v)-1, n-1))
		v = float64(v * ratio)
	}
	return z
}

func (z *zipf) draw(s *source) int32 { return z.table[s.next()>>48] }

// digester is a digest of plain slices, as they lie in memory.
type digester struct{ h hash.Hash }

func newDigester() digester { return digester{sha256.New()} }

// text is the digest so far, shortened: 64 bits are plenty to see that two machines agree.
func (d digester) text() (string, error) { return hex.EncodeToString(d.h.Sum(nil)[:8]), nil }

// add takes a slice of numbers, little-endian as on every machine there are kernels for.
func add[T any](d digester, v []T) digester {
	if len(v) > 0 {
		d.h.Write(unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), len(v)*int(unsafe.Sizeof(v[0]))))
	}
	return d
}

// addFields takes every slice of numbers in the exported fields of a struct, by name and in order.
func (d digester) addFields(v reflect.Value) {
	for i := range v.NumField() {
		f := v.Field(i)
		if !v.Type().Field(i).IsExported() {
			continue
		}
		switch f.Kind() {
		case reflect.Struct:
			d.h.Write([]byte(v.Type().Field(i).Name))
			d.addFields(f)
		case reflect.Slice:
			if n := f.Len(); n > 0 && flat(f.Type().Elem()) {
				d.h.Write([]byte(v.Type().Field(i).Name))
				d.h.Write(unsafe.Slice((*byte)(f.UnsafePointer()), n*int(f.Type().Elem().Size())))
			}
		}
	}
}

// flat says that values of a type are numbers only.
func flat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if !flat(t.Field(i).Type) {
				return false
			}
		}
		return t.NumField() > 0
	case reflect.Bool, reflect.Int8, reflect.Uint8, reflect.Int32, reflect.Int64, reflect.Uint32, reflect.Uint64, reflect.Float64:
		return true
	}
	return false
}
