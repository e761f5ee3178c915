package leontief

import (
	"context"
	"fmt"

	"planwerk/engine/sparse"
)

// SolveMany solves z = Mz + b for several right-hand sides, up to 16 in one pass over the matrix: by cycles of refinement
// where M has no negative entries, fewer than four sides one after another, else by BiCGSTAB with the diagonal. A side that needs longer is finished by Solve, with the
// settings' method. Products counts passes of its block.
func SolveMany(ctx context.Context, m *sparse.CSR, sides [][]float64, settings Settings) ([]*Solution, error) {
	s, err := NewSystem(m, settings.Threads)
	if err != nil {
		return nil, err
	}
	return s.SolveMany(ctx, sides, settings)
}

// SolveMany is the function SolveMany with what the system keeps.
func (s *System) SolveMany(ctx context.Context, sides [][]float64, settings Settings) ([]*Solution, error) {
	set, err := settings.complete()
	if err != nil {
		return nil, err
	}
	for k, b := range sides {
		if len(b) != s.m.Rows {
			return nil, fmt.Errorf("leontief: a matrix of %d × %d, right-hand side %d of %d", s.m.Rows, s.m.Cols, k, len(b))
		}
	}
	set.Warm = nil
	refined, err := s.refines(ctx, set, 0)
	if err != nil {
		return nil, err
	}
	var out []*Solution
	for at := 0; at < len(sides); at += blockWidth {
		part := sides[at:min(at+blockWidth, len(sides))]
		solutions, err := s.solvePart(ctx, part, set, refined)
		if err != nil {
			return nil, err
		}
		out = append(out, solutions...)
	}
	return out, nil
}

// refines tells whether the settings mean Refined, for a matrix of at least so many entries. A device never decides it: the
// bits are to be the same without one.
func (s *System) refines(ctx context.Context, set Settings, entries int) (bool, error) {
	auto := set.Method == Auto && set.Preconditioner == AutoPreconditioner && s.m.NNZ() >= entries
	if set.Method != Refined && !auto {
		return false, nil
	}
	signed, err := s.signed(s.on(ctx, set.Threads))
	return set.Method == Refined || !signed, err
}

// solvePart solves no more sides than go through the matrix at once.
func (s *System) solvePart(ctx context.Context, sides [][]float64, set Settings, refined bool) ([]*Solution, error) {
	switch {
	case refined && s.sign > 0 && len(sides) >= refinedSides:
		return s.solveRefined(ctx, sides, set)
	case !refined && len(sides) > 1:
		return solveBlock(ctx, s.m, sides, set)
	}
	out := make([]*Solution, len(sides))
	for k, b := range sides {
		var err error
		if out[k], err = s.Solve(ctx, b, set); err != nil {
			return nil, err
		}
	}
	return out, nil
}
