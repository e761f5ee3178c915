package main

import (
	"fmt"
	"math/rand/v2"
	"os"

	"planwerk/arrow"
)

// The table that is averaged: 100 k product types, drawn by Zipf's law, with amounts and values.
const (
	types = 100_000
	seed  = 20261121
)

var columns = []arrow.IntColumn{{Name: "type", Bits: 32}, {Name: "amount", Bits: 64}, {Name: "value", Bits: 64}}

// zipf draws types in constant time (Walker's alias method): rank k has weight 1/k, ranks are spread over the codes.
type zipf struct {
	keep  []float64
	alias []int32
	code  []int32
}

func newZipf() *zipf {
	z := &zipf{keep: make([]float64, types), alias: make([]int32, types), code: make([]int32, types)}
	total := 0.0
	for k := range z.keep {
		total += 1 / float64(k+1)
	}
	var small, large []int32
	for k := range z.keep {
		z.keep[k] = types / (float64(k+1) * total)
		if z.keep[k] < 1 {
			small = append(small, int32(k))
		} else {
			large = append(large, int32(k))
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small, z.alias[s] = small[:len(small)-1], l
		if z.keep[l] -= 1 - z.keep[s]; z.keep[l] < 1 {
			large, small = large[:len(large)-1], append(small, l)
		}
	}
	for _, k := range append(small, large...) {
		z.keep[k] = 1
	}
	for k, c := range rand.New(rand.NewPCG(seed, 0)).Perm(types) {
		z.code[k] = int32(c)
	}
	return z
}

// fill draws a block: its numbers depend on the seed and its first row alone.
func (z *zipf) fill(b *arrow.IntBlock) {
	r := rand.NewPCG(seed, uint64(b.First)+1)
	typ, amount, value := b.Cols[0].Narrow, b.Cols[1].Wide, b.Cols[2].Wide
	for i := range typ {
		x := r.Uint64()
		k := int32((x >> 32) * types >> 32)
		if float64(uint32(x)) >= z.keep[k]*(1<<32) {
			k = z.alias[k]
		}
		typ[i] = z.code[k]
		y := r.Uint64()
		amount[i] = 10_000 * (1 + int64((y>>32)*10_000>>32)) // hundredths of a unit, in micro-units
		value[i] = 1 + int64(uint64(uint32(y))*300_000>>32)  // µmin
	}
}

// data writes the two files where they are not there yet.
func data(parquet, ipc string, rows int64) error {
	z := newZipf()
	for _, path := range []string{parquet, ipc} {
		if _, err := os.Stat(path); err == nil {
			continue
		}
		fmt.Fprintf(os.Stderr, "writing %s\n", path)
		if err := arrow.WriteInts(path, columns, rows, z.fill); err != nil {
			return err
		}
	}
	return nil
}
