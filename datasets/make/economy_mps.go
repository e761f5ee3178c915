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
// Rows P0, P1, … are products and R0, … resources, columns T0, … techniques, each period's after those of the one before. It streams into a file beside and renames.
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
	periods := e.Shape.Periods
	fmt.Fprintf(w, "NAME plan%d\nROWS\n N COST\n", e.Products)
	for i := range e.Products * periods {
		fmt.Fprintf(w, " G P%d\n", i)
	}
	for r := range e.Resources * periods {
		fmt.Fprintf(w, " L R%d\n", r)
	}
	w.WriteString("COLUMNS\n")
	for j := range e.techniques() * periods {
		if j%(1<<14) == 0 {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if e.Progress != nil {
				e.Progress("the linear program", int64(j), int64(e.techniques()*periods))
			}
		}
		e.mpsTechnique(w, j/e.techniques(), j%e.techniques())
	}
	e.mpsMoves(w)
	w.WriteString("RHS\n")
	for t := range periods {
		for _, i := range e.targets {
			w.line("RHS", -1, "P", t*e.Products+int(i), e.demand[i])
		}
	}
	for r := range e.Resources * periods {
		w.line("RHS", -1, "R", r, e.available(r%e.Resources))
	}
	w.WriteString("BOUNDS\n")
	for j := range e.techniques() * periods {
		if most := e.maximum(j % e.techniques()); most > 0 {
			w.line("UP B", -1, "T", j, most)
		}
	}
	_, err := w.WriteString("ENDATA\n")
	return err
}

// mpsTechnique writes the column of a technique in a period.
func (e *economy) mpsTechnique(w *mpsWriter, period, j int) {
	number := period*e.techniques() + j
	w.line("T", number, "COST", -1, e.labour(j))
	second, more, makes := e.joint(j)
	for k := range 1 + e.Inputs {
		product, quantity := e.flow(j, k)
		if makes && product == second {
			quantity, makes = quantity+more, false
		}
		w.line("T", number, "P", period*e.Products+product, quantity)
	}
	if makes {
		w.line("T", number, "P", period*e.Products+second, more)
	}
	for k := range e.uses() {
		r, quantity := e.resource(j, k)
		w.line("T", number, "R", period*e.Resources+r, quantity)
	}
}

// mpsMoves writes columns M0, … that carry goods to the next region and S0, … that store products for the next period.
func (e *economy) mpsMoves(w *mpsWriter) {
	move := func(kind string, number int, labour float64, from, to int) {
		w.line(kind, number, "COST", -1, labour)
		w.line(kind, number, "P", from, -1)
		w.line(kind, number, "P", to, 1-lost)
	}
	for t := range e.Shape.Periods {
		for k, i := range e.ways {
			move("M", t*len(e.ways)+k, e.carrying(int(i)), t*e.Products+int(i), t*e.Products+e.wayTo(int(i)))
		}
	}
	for t := range e.Shape.Periods - 1 {
		for k, i := range e.stored {
			move("S", t*len(e.stored)+k, e.storing(int(i)), t*e.Products+int(i), (t+1)*e.Products+int(i))
		}
	}
}
