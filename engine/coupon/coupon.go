package coupon

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"planwerk/engine/ledger"
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// Input is what other computations found. A subsystem is named by the code of its smallest collective.
type Input struct {
	Subsystem []int32 // per collective: its subsystem at k2

	// Per subsystem at k2, in the order of Subsystems, which is ascending: labour a, the unreduced numerator
	// c + w + debt in − debt out, and the reduced rate TaxNum/TaxDen, NullInt128 where a = 0.
	Subsystems     []int32
	A, Numerator   []kernels.Int128
	TaxNum, TaxDen []kernels.Int128
	Floor          bool // rounding of coupons, one for all revisions: floor instead of cascade

	ComponentsAt func(t int64) []int32         // per collective: its subsystem at a time
	Mismatch     func(rev int32) (bool, error) // whether a recorded rate is not what a recomputation gives; nil: not checked
	Remaining    []kernels.Int128              // per resource: value left, NullInt128 unvalued

	ProductionTotal []kernels.Int128 // per production: V(p)
	ProductionEnd   []int64          // per production: ledger.NullInt without outputs
	MoPRemaining    []kernels.Int128 // per MoP, 0 once written off
	MoPOwner        []int32          // per MoP: owner at k2
}

// Result holds coupons of the period, wallets and parity. Everything in µmin.
type Result struct {
	// Coupons of the period's workloads, in the order of ids: of row Workload[i], or First + i when Workload is nil. A
	// subsystem with a = 0 has none.
	First    int32
	Workload []int32
	Coupon   []int64
	Residue  []kernels.Int128 // per subsystem: a − numerator − Σ coupons; 0 under cascade rounding

	Wallets Wallets
	Parity  Parity

	// Per collective, for settlements: valid claims of its workloads − its appropriations; value left of the exclusive
	// resources it owns.
	UnspentByCollective, StockByCollective []kernels.Int128

	ValidRevision []bool // per recorded revision
}

// WorkloadRow gives the row of the i-th coupon's workload.
func (r *Result) WorkloadRow(i int) int32 {
	if r.Workload == nil {
		return r.First + int32(i)
	}
	return r.Workload[i]
}

// Wallets has one row per pair of a wallet and a subsystem at k2 that a workload or an appropriation up to k2 names, by
// wallet, then subsystem.
type Wallets struct {
	Wallet, Subsystem []int32
	Coupons           []kernels.Int128 // of this period
	Claimed           []kernels.Int128 // valid claims
	Appropriated      []kernels.Int128
	Balance           []kernels.Int128 // claimed − appropriated
}

// Parity compares coupons with what there is for them, per subsystem in the order of Input.Subsystems.
type Parity struct {
	Issued, Unclaimed, Claimed, Appropriated, Unspent        []kernels.Int128
	ExclusiveStock, WorkInProgress, MoPRemaining, Difference []kernels.Int128
}

// state is what the stages of Compute hand on.
type state struct {
	l       *ledger.Ledger
	scratch *spill.Space // for what only Compute needs
	in      *Input
	threads int

	sub    []int32   // per collective: place of its subsystem in Input.Subsystems
	line   *timeline // of workloads
	rev    *recorded
	issued []kernels.Int128 // per collective: coupons of this batch and of valid recorded revisions
	claims *postings        // those that are valid have an account
	start  []int32          // per wallet: its first row in Wallets; rows name subsystems by place until parity names them
	res    *Result
	found  []ledger.Violation
}

// Compute gives coupons, wallets and parity (MODEL.md §7). Nothing depends on the number of threads. Violations, by rule and
// row: bad-revision, revision-mismatch, bad-claim, overspend. A coupon beyond 64 bits is an error that names its
// workload.
func Compute(ctx context.Context, l *ledger.Ledger, in Input, threads int) (*Result, []ledger.Violation, error) {
	s := &state{l: l, scratch: l.Space.Sub(), in: &in, threads: threads, res: &Result{}}
	defer s.scratch.Close()
	s.number()
	stages := []func(context.Context) error{
		s.timeWorkloads, s.issueBatch, s.judgeRevisions, s.issueRecorded, s.pairWallets, s.judgeClaims, s.creditCoupons, s.balance, s.parity,
	}
	for _, stage := range stages {
		if err := stage(ctx); err != nil {
			return nil, nil, err
		}
	}
	slices.SortFunc(s.found, func(a, b ledger.Violation) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Row, b.Row))
	})
	return s.res, s.found, nil
}

// number gives collectives the places of their subsystems.
func (s *state) number() {
	place := make([]int32, s.l.Collectives.N)
	for i, name := range s.in.Subsystems {
		place[name] = int32(i)
	}
	s.sub = make([]int32, s.l.Collectives.N)
	for c, name := range s.in.Subsystem {
		s.sub[c] = place[name]
	}
}

func (s *state) timeWorkloads(ctx context.Context) (err error) {
	s.line, err = newTimeline(ctx, s.scratch, s.threads, s.l.Workloads.Time)
	return err
}

// issueBatch gives the period's workloads their coupons.
func (s *state) issueBatch(ctx context.Context) error {
	sh := share{l: s.l, line: s.line, floor: s.in.Floor, rates: make([]rate, len(s.in.Subsystems))}
	sh.from, sh.to = s.line.segment(s.l.After, s.l.Until)
	sh.member = make([]int32, s.l.Collectives.N)
	for c, k := range s.sub {
		sh.member[c] = k
		if s.in.A[k].Sign() == 0 {
			sh.member[c] = -1
		}
	}
	for k := range sh.rates {
		if s.in.A[k].Sign() != 0 {
			sh.rates[k] = newRate(s.in.TaxNum[k], s.in.TaxDen[k])
		}
		sh.rates[k].value = s.in.A[k].Sub(s.in.Numerator[k])
	}
	if err := sh.measure(ctx, s.threads); err != nil {
		return err
	}
	for k := range sh.rates {
		if sh.rates[k].whole != s.in.A[k] {
			return fmt.Errorf("coupon: workloads of subsystem %s sum to %v µmin, its revision says %v",
				idText(s.l.IDs[ledger.TCollectives], s.in.Subsystems[k]), sh.rates[k].whole, s.in.A[k])
		}
	}
	s.placeBatch(&sh)
	var err error
	s.issued, err = sh.issue(ctx, s.threads)
	if err != nil {
		return err
	}
	s.res.Coupon = sh.out
	s.res.Residue = s.bySubsystem(s.issued)
	for k := range s.res.Residue {
		s.res.Residue[k] = sh.rates[k].value.Sub(s.res.Residue[k])
		if s.in.A[k].Sign() == 0 {
			s.res.Residue[k] = kernels.Int128{}
		}
	}
	return nil
}

// placeBatch chooses the rows of the coupons: all of the segment where they follow each other, else a list.
func (s *state) placeBatch(sh *share) {
	if s.line.order == nil && sh.kept == sh.to-sh.from {
		s.res.First = int32(sh.from)
		sh.place, sh.out = &places{first: sh.from}, spill.Make[int64](s.l.Space, sh.to-sh.from)
		return
	}
	marks := spill.Make[uint64](s.scratch, (s.l.Workloads.N+63)/64)
	for i := sh.from; i < sh.to; i++ {
		row := s.line.row(i)
		if sh.member[s.l.Workloads.Collective[row]] >= 0 {
			marks[row/64] |= 1 << (row % 64)
		}
	}
	sh.place, s.res.Workload = marked(s.l.Space, marks)
	sh.out = spill.Make[int64](s.l.Space, len(s.res.Workload))
}

// bySubsystem adds what is given by collective.
func (s *state) bySubsystem(byCollective []kernels.Int128) []kernels.Int128 {
	out := make([]kernels.Int128, len(s.in.Subsystems))
	for c, v := range byCollective {
		out[s.sub[c]] = out[s.sub[c]].Add(v)
	}
	return out
}

func (s *state) add(rule string, t ledger.TableID, row int) {
	s.found = append(s.found, ledger.Violation{Rule: rule, Table: t, Row: int32(row)})
}

// idText is the id of a row for errors; the row's number where there is no dictionary.
func idText(ids *ledger.IDs, row int32) string {
	if ids == nil {
		return strconv.Itoa(int(row))
	}
	return ids.Text(row)
}
