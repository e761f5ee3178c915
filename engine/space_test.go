package engine_test

import (
	"testing"

	"planwerk/engine/ledger"
	"planwerk/engine/ledger/ledgertest"
	"planwerk/engine/reference"
	"planwerk/engine/spill"
)

// anySpace gives a ledger, by its seed, the Go heap, memory mapped slice by slice, or files, some of them with a limit
// below what any process holds, so that pages are taken away all the time. Every slice is mapped, however small.
func anySpace(t *testing.T, seed uint64) *spill.Space {
	t.Helper()
	switch seed / 4 % 20 {
	case 1, 6, 11, 16:
		return spill.New(spill.Config{Least: 1})
	case 2:
		return spill.New(spill.Config{Least: 1, Dir: t.TempDir()})
	case 12:
		return spill.New(spill.Config{Least: 64, Dir: t.TempDir(), Limit: 1 << 20})
	}
	return nil
}

// rawIn is an export whose columns lie in space, as the adapters make them.
func rawIn(space *spill.Space, export reference.Export) (*ledger.Raw, error) {
	raw, err := ledgertest.Raw(export)
	if err != nil || space == nil {
		return raw, err
	}
	raw.Space = space
	for t := range raw.Tables {
		for c := range raw.Tables[t].Cols {
			col := &raw.Tables[t].Cols[c]
			col.Int, col.Flag = moved(space, col.Int), moved(space, col.Flag)
			if col.Keys != nil {
				keys := make([]ledger.Key, col.Keys.Len())
				for i := range keys {
					keys[i] = col.Keys.At(i)
				}
				col.Keys = ledger.NewKeysIn(space, len(keys))
				col.Keys.Set(0, keys)
			}
		}
	}
	return raw, nil
}

func moved[T any](space *spill.Space, x []T) []T {
	if x == nil {
		return nil
	}
	to := spill.Make[T](space, len(x))
	copy(to, x)
	return to
}
