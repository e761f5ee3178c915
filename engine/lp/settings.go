package lp

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"time"

	"planwerk/kernels/device"
)

// Status is the outcome of solving.
type Status string

const (
	Optimal        Status = "optimal"         // residuals and gap within the tolerance
	Infeasible     Status = "infeasible"      // no x satisfies the constraints; Ray proves it
	Unbounded      Status = "unbounded"       // the objective falls without end along Ray
	IterationLimit Status = "iteration_limit" // best point so far
	TimeLimit      Status = "time_limit"      // best point so far
	Interrupted    Status = "interrupted"     // the context ended; best point so far
)

// Method names a way of solving.
type Method string

const (
	Auto Method = "auto" // by structure and size
	PDHG Method = "pdhg" // first-order: two sparse products an iteration, no factorisation
	IPM  Method = "ipm"  // homogeneous interior point with sparse factorisation
	Plan Method = "plan" // combined method for Leontief substitution systems with side constraints
)

// Settings say how to solve. The zero value is Auto at 1e-6 on all cores, without limits.
type Settings struct {
	Tolerance  float64        // relative, on primal residual, dual residual and gap; 0 means 1e-6
	TimeLimit  time.Duration  // 0: none
	Iterations int            // of the method's main loop; 0: none. Deterministic, unlike TimeLimit.
	Threads    int            // below 1: all cores. No influence on the result.
	Method     Method         // "" means Auto
	NoPresolve bool           // solve the program as it stands
	Finish     Finish         // "" means FinishAuto
	Warm       *Start         // a point to begin from; its lengths must fit
	Device     device.Machine // iterates instead of this machine's processors where a method can; nil: none. Same bits.
	// DeviceFallback lets this machine's processors solve small programs, and those that Device fails at; it hears of the
	// failure. nil: Device must do, and its failure is an error.
	DeviceFallback func(error)
	Log            func(line string) // receives the log, line by line; nil: silent
}

// Start is a point to begin from: an earlier plan's levels and prices.
type Start struct {
	X, Y []float64
}

// Solution is the outcome with its proof. X, Y and ReducedCosts hold the best point known, whatever the status.
type Solution struct {
	Status       Status
	X            []float64 // per column
	Y            []float64 // per row: change of the objective per unit of the row's binding bound
	ReducedCosts []float64 // per column: c − Aᵀy
	// Ray proves infeasibility (per row: multipliers whose combination of the rows cannot be satisfied) or
	// unboundedness (per column: a direction). nil when bounds cross, which needs no proof, or none was found.
	Ray         []float64
	Certificate Certificate
	Method      Method // the method that gave the answer
	Vertex      bool   // the point is an optimal vertex, accurate to rounding
}

// Certificate is computed from the program as given and the point alone, in twice the working precision.
type Certificate struct {
	Status         Status
	Objective      float64 // c·x + c0
	Bound          float64 // rigorous: no feasible x does better. ∓Inf when nothing could be proved.
	DualObjective  float64 // value of the dual point; not rigorous, for its residual is left out
	Gap            float64 // |P − D|/(1 + |P| + |D|), P the objective, D the dual objective
	ProvedGap      float64 // the same with the rigorous bound for D
	PrimalResidual float64 // ‖Ax − clip(Ax)‖₂/(1 + ‖b‖₂), with the violations of column bounds
	DualResidual   float64 // ‖c − Aᵀy − r‖₂/(1 + ‖c‖₂)
	MaxShortfall   float64 // largest violation of a row or column bound, relative to the bound's size where it is not 0
	MaxViolation   float64 // the same in the row's or column's own unit
	Iterations     int
	Seconds        float64
	Digest         string // SHA-256 over status, x and y
}

func (s *Settings) fill(p *Problem) error {
	if s.Tolerance == 0 {
		s.Tolerance = 1e-6
	}
	if !(s.Tolerance > 0 && s.Tolerance < 1) {
		return fmt.Errorf("lp: tolerance %v is not between 0 and 1", s.Tolerance)
	}
	if s.TimeLimit < 0 || s.Iterations < 0 {
		return fmt.Errorf("lp: limits of %v and %d iterations are below zero", s.TimeLimit, s.Iterations)
	}
	switch s.Method {
	case "":
		s.Method = Auto
	case Auto, PDHG, IPM, Plan:
	default:
		return fmt.Errorf("lp: method %q is none of auto, pdhg, ipm, plan", s.Method)
	}
	switch s.Finish {
	case "":
		s.Finish = FinishAuto
	case FinishAuto, FinishNone, FinishVertex:
	default:
		return fmt.Errorf("lp: finish %q is none of auto, none, vertex", s.Finish)
	}
	if s.Log == nil {
		s.Log = func(string) {}
	}
	if s.Warm == nil {
		return nil
	}
	if len(s.Warm.X) != p.Cols() || len(s.Warm.Y) != p.Rows() {
		return fmt.Errorf("lp: start has %d and %d values for %d columns and %d rows", len(s.Warm.X), len(s.Warm.Y), p.Cols(), p.Rows())
	}
	for _, part := range [][]float64{s.Warm.X, s.Warm.Y} {
		for i, v := range part {
			if !finite(v) {
				return fmt.Errorf("lp: value %d of the start is %v", i, v)
			}
		}
	}
	return nil
}

// digest is the SHA-256 of status, x and y (lengths and bits, little-endian), in hexadecimal.
func digest(status Status, x, y []float64) string {
	h := sha256.New()
	h.Write([]byte(status))
	var b [8]byte
	for _, part := range [][]float64{x, y} {
		binary.LittleEndian.PutUint64(b[:], uint64(len(part)))
		h.Write(b[:])
		for _, v := range part {
			binary.LittleEndian.PutUint64(b[:], math.Float64bits(v))
			h.Write(b[:])
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
