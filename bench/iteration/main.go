// Command iteration measures one iteration of the first-order method on a planning program against what its traffic costs
// at least: both orientations of the matrix and the vectors once through memory, and the same with the columns gathered.
//
//	go run ./bench/iteration -products 500000 -threads 1,2
package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
	"planwerk/engine/shard"
	"planwerk/engine/sparse"
	"planwerk/kernels"
)

// vectors is how many vectors of all rows and columns an iteration reads and writes at least.
const vectors = 10

const piece = 1 << 15 // numbers of a stream that a thread takes at once

func main() {
	products := flag.Int("products", 500_000, "products of the planning program")
	threads := flag.String("threads", "1,2", "threads")
	count := flag.Int("iterations", 10, "iterations of a run")
	runs := flag.Int("runs", 5, "runs, of which the fastest counts")
	near := flag.Float64("near", 0.7, "share of inputs from near a product's number; the others are hubs")
	flag.Parse()
	b := newBench(*products, *count, *runs, *near)
	fmt.Printf("%s: %d rows, %d columns, %d nonzeros; %.0f MB of matrices and %.0f MB of vectors an iteration\n", b.p.Name, b.p.Rows(), b.p.Cols(), b.p.A.NNZ(),
		megabytes(24*b.p.A.NNZ()), megabytes(vectors*8*(b.p.Rows()+b.p.Cols())))
	fmt.Printf("%7s %14s %14s %14s %14s %12s %12s\n", "threads", "streamed", "A x, A'y", "with vectors", "iteration", "to streamed", "to gathered")
	first := 0.0
	for _, text := range strings.Split(*threads, ",") {
		n, err := strconv.Atoi(text)
		if err == nil {
			err = b.measure(n, &first)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func megabytes(n int) float64 { return float64(n) / 1e6 }

type bench struct {
	p           *lp.Problem
	a, at       *sparse.CSR
	x, y        []float64
	matrix, vec []float64 // as many bytes as both orientations, and as the vectors
	count, runs int
}

func newBench(products, count, runs int, near float64) *bench {
	p := lptest.PlanningOf(lptest.Shape{Products: products, Resources: 50, Seed: 1, Near: near, Limited: 0.3, Available: 0.98})
	for k := range p.A.Val {
		p.A.Val[k] *= 0.02 // a norm below one, so that numbers stay finite
	}
	vec := kernels.Large[float64]
	b := &bench{p: p, a: p.A.Clone(), x: vec(p.Cols()), y: vec(p.Rows()), matrix: vec(3 * p.A.NNZ()), vec: vec(vectors * (p.Rows() + p.Cols())), count: count, runs: runs}
	b.at = b.a.Transpose()
	for _, v := range [][]float64{b.x, b.y, b.matrix, b.vec} {
		for i := range v {
			v[i] = 1
		}
	}
	return b
}

// fastest is the seconds of the fastest of the runs of f.
func (b *bench) fastest(f func()) float64 {
	least := math.Inf(1)
	for range b.runs {
		begun := time.Now()
		f()
		least = min(least, time.Since(begun).Seconds())
	}
	return least
}

// streamed reads the numbers of v once.
func streamed(v []float64, threads int) {
	pieces := (len(v) + piece - 1) / piece
	_ = shard.Run(context.Background(), threads, pieces, func(k int) error {
		kernels.SumFloat64(v[k*piece : min((k+1)*piece, len(v))])
		return nil
	})
}

// products takes A x and Aᵀy.
func (b *bench) products(threads int) {
	b.a.Mul(b.y, b.x, threads)
	b.at.Mul(b.x, b.y, threads)
}

func (b *bench) measure(threads int, first *float64) error {
	bare := b.fastest(func() { streamed(b.matrix, threads); streamed(b.vec, threads) })
	gathered := b.fastest(func() { b.products(threads) })
	beside := b.fastest(func() { streamed(b.vec, threads) })
	it, err := lp.NewIteration(b.p, nil)
	if err != nil {
		return err
	}
	it.Threads(threads)
	if err := it.Start(); err != nil {
		return err
	}
	// What a check costs is taken off: the difference between many steps and none.
	check := b.fastest(func() { err = it.Steps(0) })
	all := b.fastest(func() { err = it.Steps(b.count) })
	if err != nil {
		return err
	}
	one := (all - check) / float64(b.count)
	fmt.Printf("%7d %11.1f ms %11.1f ms %11.1f ms %11.1f ms %12.2f %12.2f", threads, 1e3*bare, 1e3*gathered, 1e3*(gathered+beside), 1e3*one, one/bare, one/(gathered+beside))
	if *first == 0 {
		*first = one
	} else {
		fmt.Printf("   %.2f times as fast as with the first", *first/one)
	}
	fmt.Println()
	return it.Close()
}
