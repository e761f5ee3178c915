package engine

import (
	"context"
	"fmt"
	"math/big"
	"strings"

	"planwerk/engine/ledger"
	"planwerk/engine/revision"
	"planwerk/engine/spill"
	"planwerk/kernels"
	"planwerk/kernels/device"
)

// Rounding says how coupons are rounded (MODEL.md §7). It is a rule of the ledger: one for all its revisions.
type Rounding uint8

const (
	// Cascade lets the coupons of a subsystem sum to exactly a − numerator.
	Cascade Rounding = iota
	// Floor gives ⌊l·(m − n)/m⌋ each, which one can check from one workload alone.
	Floor
)

// String is the rounding's name on the command line.
func (r Rounding) String() string {
	if r == Floor {
		return "floor"
	}
	return "cascade"
}

// ParseRounding reads cascade or floor.
func ParseRounding(s string) (Rounding, error) {
	switch s {
	case "cascade":
		return Cascade, nil
	case "floor":
		return Floor, nil
	}
	return 0, fmt.Errorf("rounding %q: use cascade or floor", s)
}

// Debt is a debt out of an earlier revision, in µmin, named after a collective of its subsystem.
type Debt struct {
	Collective string
	Umin       kernels.Int128
}

// Job is a batch: a ledger, a period and the rules of the revision.
type Job struct {
	// Load reads the export. It is called once, and once more for every period that CheckRevisions recomputes.
	Load func(ctx context.Context) (*ledger.Raw, error)
	// After and Until are k1 and k2 in µs since the epoch: the period ]k1, k2].
	After, Until int64
	Rounding     Rounding
	// WriteoffLimit is the share of a that write-offs may take in one revision; nil: off.
	WriteoffLimit *revision.Ratio
	DebtIn        []Debt
	// CheckRevisions recomputes every recorded revision as at its own until.
	CheckRevisions bool
	// AllViolations lists those outside of the period as well.
	AllViolations bool
	// Threads to use; 0: all cores.
	Threads int
	// Device sums v*, the averages and the labour of subsystems instead of this machine's processors; nil: none. Same result.
	Device device.Machine
	// Space is where large columns lie, those of the result too: it must stay open as long as the result is used. nil: the
	// Go heap. Load finds it in its context (spill.From).
	Space *spill.Space
	// Progress, if set, hears of every stage as it begins (done 0) and ends (done = total).
	Progress func(stage string, done, total int64)
}

// ParseRatio reads a non-negative fraction like 1/10 or 0.1.
func ParseRatio(s string) (*revision.Ratio, error) {
	r, ok := new(big.Rat).SetString(strings.TrimSpace(s))
	if !ok || r.Sign() < 0 || !r.Num().IsInt64() || !r.Denom().IsInt64() {
		return nil, fmt.Errorf("limit %q: give a share like 1/10 or 0.1, not below 0", s)
	}
	return &revision.Ratio{Num: r.Num().Int64(), Den: r.Denom().Int64()}, nil
}
