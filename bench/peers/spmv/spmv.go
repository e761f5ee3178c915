// Package spmv measures plain loops in C beside ours: sparse products and averages as gcc -O3 -march=native compiles
// them, built when the benchmark runs. It gets the very data that ours gets, and its answer is checked.
package spmv

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
	"unsafe"

	"planwerk/engine/sparse"
	"planwerk/kernels"
)

//go:embed c/spmv.c
var program string

// Kind names a loop of the peer.
type Kind string

const (
	Product  Kind = "product"  // y = A·x, Times times
	Averages Kind = "averages" // two 128-bit sums by group
)

// Flags are those the peer is compiled with.
var Flags = []string{"-O3", "-march=native", "-std=gnu11", "-Wall", "-Wextra", "-Werror"}

// Work is what the peer gets. Rows, Groups, Code, Amount and Value are of Averages, the others of Product.
type Work struct {
	Kind   Kind
	Matrix *sparse.CSR
	X      []float64
	Times  int
	Want   func() []float64 // our product, to compare with

	Rows, Groups  int
	Code          []int32
	Amount, Value []int64
	Sums          func(sums []kernels.Int128) (digest string, err error) // amounts by group, then values
}

// Peer is the program with the data of one work.
type Peer struct {
	work *Work
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
}

// Start compiles the program in dir and hands it the data, in memory as malloc gives it or in large pages.
func Start(ctx context.Context, compiler, dir string, w *Work, large bool) (*Peer, error) {
	source, binary := filepath.Join(dir, "spmv.c"), filepath.Join(dir, "spmv")
	if err := os.WriteFile(source, []byte(program), 0o644); err != nil {
		return nil, err
	}
	args := append(append([]string{}, Flags...), source, "-o", binary)
	if text, err := exec.CommandContext(ctx, compiler, args...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", compiler, err, text)
	}
	pages := map[bool]string{false: "plain", true: "large"}[large]
	arguments := []string{string(w.Kind), pages, strconv.Itoa(w.Rows), strconv.Itoa(w.Groups)}
	data := [][]byte{raw(w.Code), raw(w.Amount), raw(w.Value)}
	if m := w.Matrix; w.Kind == Product {
		arguments = []string{string(w.Kind), pages, strconv.Itoa(m.Rows), strconv.Itoa(m.NNZ()), strconv.Itoa(w.Times)}
		data = [][]byte{raw(m.Ptr), raw(m.Col), raw(m.Val), raw(w.X)}
	}
	p := &Peer{work: w, cmd: exec.CommandContext(ctx, binary, arguments...)}
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for _, d := range data {
		if _, err := p.in.Write(d); err != nil {
			p.Close()
			return nil, fmt.Errorf("the peer in C: %w", err)
		}
	}
	return p, nil
}

// raw is a slice as it lies in memory.
func raw[T any](v []T) []byte {
	if len(v) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), len(v)*int(unsafe.Sizeof(v[0])))
}

// Run does the work once and gives what it cost by the peer's own clocks.
func (p *Peer) Run() (wall, cpu time.Duration, err error) {
	if _, err := p.in.Write([]byte("r")); err != nil {
		return 0, 0, fmt.Errorf("the peer in C: %w", err)
	}
	_, err = fmt.Fscanf(p.out, "%d %d\n", &wall, &cpu)
	return wall, cpu, err
}

// Digest checks the answer of the last run: sums must be ours to the bit, and are digested; products may differ by their
// rounding errors, and have no digest.
func (p *Peer) Digest() (string, error) {
	if _, err := p.in.Write([]byte("p")); err != nil {
		return "", fmt.Errorf("the peer in C: %w", err)
	}
	if p.work.Kind == Averages {
		return p.sums()
	}
	want := p.work.Want()
	got := make([]float64, len(want))
	if _, err := io.ReadFull(p.out, raw(got)); err != nil {
		return "", err
	}
	for i, v := range want {
		if !(math.Abs(got[i]-v) <= 1e-12*max(1, math.Abs(v))) {
			return "", fmt.Errorf("row %d of the product is %v, and %v in C", i, v, got[i])
		}
	}
	return "", nil
}

func (p *Peer) sums() (string, error) {
	words := make([]uint64, 4*p.work.Groups) // lower half first
	if _, err := io.ReadFull(p.out, raw(words)); err != nil {
		return "", err
	}
	sums := make([]kernels.Int128, 2*p.work.Groups)
	for i := range sums {
		sums[i] = kernels.Int128{Lo: words[2*i], Hi: int64(words[2*i+1])}
	}
	return p.work.Sums(sums)
}

// Close ends the peer.
func (p *Peer) Close() {
	_ = p.in.Close()
	var exit *exec.ExitError
	if err := p.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		_ = p.cmd.Process.Kill()
	}
}
