package synth

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// writeMPS writes the plan problem as a linear program in free MPS: least labour, every target met, no resource overdrawn.
// Rows P0, P1, … are products and R0, … resources, columns T0, … techniques. It streams into a file beside and renames.
func (e *economy) writeMPS(ctx context.Context, path string) (err error) {
	if _, err := os.Stat(path); err == nil && !e.Force {
		return fmt.Errorf("%s: %w; use --force to replace it", path, os.ErrExist)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".tmp-"+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	var to io.Writer = f
	var pack *gzip.Writer
	if strings.HasSuffix(path, ".gz") {
		if pack, err = gzip.NewWriterLevel(f, gzip.BestSpeed); err != nil {
			return err
		}
		to = pack
	}
	w := &mpsWriter{Writer: bufio.NewWriterSize(to, 1<<20)}
	if err = e.mps(ctx, w); err != nil {
		return err
	}
	if err = w.Flush(); err == nil && pack != nil {
		err = pack.Close()
	}
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		return err
	}
	if err = os.Chmod(f.Name(), 0o644); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	return f.Close()
}

type mpsWriter struct {
	*bufio.Writer
	buf []byte
}

// line writes ` a b<number> value`, or without the first name.
func (w *mpsWriter) line(head string, number int, kind string, of int, value float64) {
	b := append(w.buf[:0], ' ')
	b = append(b, head...)
	if number >= 0 {
		b = strconv.AppendInt(b, int64(number), 10)
	}
	b = append(append(b, ' '), kind...)
	if of >= 0 {
		b = strconv.AppendInt(b, int64(of), 10)
	}
	b = strconv.AppendFloat(append(b, ' '), value, 'g', -1, 64)
	w.buf = append(b, '\n')
	w.Write(w.buf) // a bufio.Writer keeps its first error for Flush
}

func (e *economy) mps(ctx context.Context, w *mpsWriter) error {
	fmt.Fprintf(w, "NAME plan%d\nROWS\n N COST\n", e.Products)
	for i := range e.Products {
		fmt.Fprintf(w, " G P%d\n", i)
	}
	for r := range e.Resources {
		fmt.Fprintf(w, " L R%d\n", r)
	}
	w.WriteString("COLUMNS\n")
	for j := range e.techniques() {
		if j%(1<<14) == 0 {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if e.Progress != nil {
				e.Progress("the linear program", int64(j), int64(e.techniques()))
			}
		}
		w.line("T", j, "COST", -1, e.labour(j))
		for k := range 1 + e.Inputs {
			product, quantity := e.flow(j, k)
			w.line("T", j, "P", product, quantity)
		}
		for k := range e.uses() {
			r, quantity := e.resource(j, k)
			w.line("T", j, "R", r, quantity)
		}
	}
	w.WriteString("RHS\n")
	for _, i := range e.targets {
		w.line("RHS", -1, "P", int(i), e.demand[i])
	}
	for r := range e.Resources {
		w.line("RHS", -1, "R", r, e.available(r))
	}
	w.WriteString("BOUNDS\n")
	for j := range e.techniques() {
		if most := e.maximum(j); most > 0 {
			w.line("UP B", -1, "T", j, most)
		}
	}
	_, err := w.WriteString("ENDATA\n")
	return err
}
