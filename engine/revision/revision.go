package revision

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"planwerk/engine/ledger"
	"planwerk/kernels"
	"planwerk/kernels/device"
)

// Ratio is the write-off limit r of footnote 2 of the proposal (1/10 there): Num ≥ 0, Den > 0.
type Ratio struct{ Num, Den int64 }

// Input is what other computations have found. Values in µmin.
type Input struct {
	Subsystem   []int32          // per collective: its subsystem at k2
	ThetaPeriod []kernels.Int128 // per allocation: θ from max(effective start, k1) to the effective end
	DrawnShare  []kernels.Int128 // per write-off: value it drew from its resource; 0 when that is unvalued

	// Per write-off that is its MoP's first; others are not looked at. RemainingAt is v* − T(age), OverAt over(age).
	// A null RemainingAt marks a MoP without durability, whose write-off is worth 0.
	RemainingAt, OverAt []kernels.Int128
	FirstOfMoP          []bool

	Limit  *Ratio                   // nil: off
	DebtIn map[int32]kernels.Int128 // per collective code a debt was named after

	Device device.Machine // sums the workloads instead of this machine's processors; nil: none
}

// Result has one row per subsystem, sorted by its code, and the counted value of each write-off.
type Result struct {
	Subsystem []int32
	A, C, W   []kernels.Int128 // plain sums
	DebtIn    []kernels.Int128
	DebtOut   []kernels.Int128
	Numerator []kernels.Int128 // C + W + DebtIn − DebtOut
	TaxNum    []kernels.Int128 // Numerator/A reduced, TaxDen > 0; both null where A = 0
	TaxDen    []kernels.Int128

	WriteOffValue []kernels.Int128 // per write-off of any time and label; 0 if left out
	Notices       []string
}

// Compute gives the revisions and the violations bad-write-off, double-write-off and write-off-value.
func Compute(ctx context.Context, l *ledger.Ledger, in Input, threads int) (*Result, []ledger.Violation, error) {
	r := &Result{}
	values, violations := writeOffs(l, &in)
	r.WriteOffValue = values
	row := r.rows(in.Subsystem)
	if err := r.sum(ctx, l, &in, row, threads); err != nil {
		return nil, nil, err
	}
	if err := r.debts(l, &in, row); err != nil {
		return nil, nil, err
	}
	for i := range r.Subsystem {
		if !r.rate(i, in.Limit) {
			return nil, nil, fmt.Errorf("revisions: subsystem %s: column tax_numerator does not fit 128 bits", collectiveID(l, r.Subsystem[i]))
		}
		if r.Numerator[i].Sign() < 0 {
			r.Notices = append(r.Notices, fmt.Sprintf("revisions: subsystem %s: the tax rate is below 0: a refund", collectiveID(l, r.Subsystem[i])))
		}
	}
	return r, violations, nil
}

// rows makes one row per subsystem and gives each collective its row.
func (r *Result) rows(subsystem []int32) []int32 {
	row := make([]int32, len(subsystem))
	for c, s := range subsystem {
		if s == int32(c) { // named after its smallest collective, so each name occurs once
			row[c] = int32(len(r.Subsystem))
			r.Subsystem = append(r.Subsystem, s)
		}
	}
	for c, s := range subsystem {
		row[c] = row[s]
	}
	for _, col := range []*[]kernels.Int128{&r.A, &r.C, &r.W, &r.DebtIn, &r.DebtOut, &r.Numerator, &r.TaxNum, &r.TaxDen} {
		*col = make([]kernels.Int128, len(r.Subsystem))
	}
	return row
}

// debts gives each debt to the subsystem that now holds the collective it was named after.
func (r *Result) debts(l *ledger.Ledger, in *Input, row []int32) error {
	names := make([]int32, 0, len(in.DebtIn))
	for c := range in.DebtIn {
		names = append(names, c)
	}
	slices.Sort(names) // so that the first error does not depend on the map's order
	for _, c := range names {
		if c < 0 || int(c) >= len(row) {
			return fmt.Errorf("debts in: collective code %d is not in the ledger", c)
		}
		sum, ok := r.DebtIn[row[c]].AddChecked(in.DebtIn[c])
		if !ok || in.DebtIn[c].IsNull() {
			return fmt.Errorf("debts in: collective %s: column debt_in: the sum of its subsystem does not fit 128 bits", collectiveID(l, c))
		}
		r.DebtIn[row[c]] = sum
	}
	return nil
}

// rate fills what follows from the sums of one row; false when something does not fit 128 bits.
func (r *Result) rate(i int, limit *Ratio) bool {
	a, c := r.A[i], r.C[i]
	due, ok := r.W[i].AddChecked(r.DebtIn[i]) // w'
	if !ok {
		return false
	}
	counted := due
	if limit != nil {
		most, ok := kernels.MulDivFloor(a, kernels.I128(limit.Num), kernels.I128(limit.Den))
		if ok && most.Cmp(counted) < 0 { // a limit that does not fit 128 bits limits nothing
			counted = most
		}
	}
	n, ok := c.AddChecked(counted)
	if !ok {
		return false
	}
	if n.Cmp(a) > 0 {
		n = a
	}
	if a.Sign() == 0 {
		n = kernels.Int128{} // no workloads, no rate: all of c + w' is carried on
	}
	all, ok1 := c.AddChecked(due)
	debt, ok2 := all.SubChecked(n)
	if !ok1 || !ok2 {
		return false
	}
	r.Numerator[i], r.DebtOut[i] = n, debt
	r.TaxNum[i], r.TaxDen[i] = Reduce(n, a)
	return true
}

// Reduce divides both by their greatest common divisor; 0/den is 0/1, and den = 0 gives nulls. den must not be negative.
func Reduce(num, den kernels.Int128) (kernels.Int128, kernels.Int128) {
	if den.Sign() == 0 {
		return kernels.NullInt128, kernels.NullInt128
	}
	n, d := num.Big(), den.Big()
	g := new(big.Int).GCD(nil, nil, new(big.Int).Abs(n), d)
	rn, _ := kernels.FromBig(n.Quo(n, g)) // smaller than they were, so they fit
	rd, _ := kernels.FromBig(d.Quo(d, g))
	return rn, rd
}

func collectiveID(l *ledger.Ledger, code int32) string {
	if ids := l.IDs[ledger.TCollectives]; ids != nil {
		return ids.Text(code)
	}
	return fmt.Sprint(code)
}
