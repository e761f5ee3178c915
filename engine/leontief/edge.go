package leontief

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// edgeProducts is how many products with the matrix are spent to tell the radius of an economy that is about 1.
const edgeProducts = 2000

// proved looks at what solving left open. A dominator, or an upper bound of the radius below 1, proves that A ≥ 0 is productive;
// where there is neither, what was solved is no answer however small its residual, and the economy at its edge is refused
// with the group at fault. Otherwise it returns what the solver said.
func (r *Result) proved(ctx context.Context, t *Table, solved error) error {
	limit := (*NotSolved)(nil)
	if solved != nil && !errors.As(solved, &limit) {
		return solved
	}
	signed, err := r.byRow.signed(r.byRow.on(ctx, r.byRow.threads))
	if err != nil {
		return err
	}
	if !signed && !(r.Radius.Upper < 1) {
		if err := r.atEdge(ctx, t); err != nil {
			return err
		}
	}
	if solved == nil {
		r.noteUnbounded()
	}
	return solved
}

// atEdge refuses an economy with A ≥ 0 that nothing proves to be productive.
func (r *Result) atEdge(ctx context.Context, t *Table) error {
	if c := r.byColumn; c != nil && c.sought && c.dominator != nil {
		return nil
	}
	if d, err := r.byRow.Dominator(ctx); err != nil || d != nil {
		return err
	}
	products := edgeProducts
	if t.A.NNZ() >= largeFrom {
		products /= 10
	}
	radius, err := r.byRow.Radius(ctx, 1e-15, products)
	if err != nil {
		return err
	}
	if r.Radius = radius; radius.Upper < 1 {
		return nil
	}
	return r.notProductive(t)
}

// noteUnbounded says that an answer has no error bound, where no other notice does.
func (r *Result) noteUnbounded() {
	if r.Radius.Lower >= 1 {
		return
	}
	for _, a := range []struct {
		what string
		of   *Answer
	}{{"labour values", r.Values}, {"gross outputs", r.Outputs}} {
		if a.of != nil && math.IsInf(a.of.Bound, 1) {
			r.Notices = append(r.Notices, fmt.Sprintf("%s: no bound of their error could be proved (spectral radius between %.9g and %.9g, negative coefficients taken as positive)", a.what, r.Radius.Lower, r.Radius.Upper))
		}
	}
}

// notProductive names the group at fault, as the bounds of the radius give it.
func (r *Result) notProductive(t *Table) error {
	e := &NotProductive{Lower: r.Radius.Lower, Upper: r.Radius.Upper, Group: r.Radius.Group}
	for _, i := range e.Group {
		e.Codes = append(e.Codes, t.Code(int(i)))
	}
	return e
}

// NotProductive is the error of an economy that consumes all that it makes, or more. With Lower below 1 it is at the edge: it
// does so as far as numbers of 53 bits can tell.
type NotProductive struct {
	Lower, Upper float64  // of the spectral radius
	Group        []int32  // the strongly connected products at fault
	Codes        []string // theirs
}

func (e *NotProductive) Error() string {
	what := fmt.Sprintf("the group of %d products that need each other (%s)", len(e.Codes), few(e.Codes))
	if len(e.Codes) == 1 {
		what = "product " + e.Codes[0]
	}
	if e.Lower < 1 {
		return fmt.Sprintf("the economy cannot be told to be productive: %s consumes what it makes but for less than computing can tell (spectral radius between %.17g and %.17g, must be below 1)",
			what, e.Lower, e.Upper)
	}
	return fmt.Sprintf("the economy is not productive: %s consumes at least as much as it makes (spectral radius between %s and %s, must be below 1)",
		what, RadiusText(e.Lower), RadiusText(e.Upper))
}

// RadiusText gives a spectral radius with nine digits; near 1, where they would read 1, with all.
func RadiusText(v float64) string {
	if math.Abs(v-1) < 1e-7 {
		return fmt.Sprintf("%.17g", v)
	}
	return fmt.Sprintf("%.9g", v)
}

// atFault is the group of Radius.Group.
func (g *quotients) atFault(r *Radius, best int32) int32 {
	if r.Lower >= 1 || r.Upper < 1 {
		return best
	}
	for k, u := range g.upper {
		if u > g.upper[best] {
			best = int32(k)
		}
	}
	return best
}
