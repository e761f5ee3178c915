package ledger

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// Columns long enough to be shared out: hexadecimal ids, ids that differ at their ends only, of several lengths, many times
// the same, and integers among them; against a stable sort by Compare.
func TestSortOfLongColumns(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	for name, text := range map[string]func() string{
		"hexadecimal": func() string { return fmt.Sprintf("%016x%016x", r.Uint64(), r.Uint64()) },
		"ends":        func() string { return fmt.Sprintf("the same for all, then %024d", r.IntN(1<<40)) },
		"lengths":     func() string { return fmt.Sprintf("x%0*d", 1+r.IntN(20), r.IntN(1000)) },
		"few":         func() string { return fmt.Sprintf("name of %d", r.IntN(3)) },
		"integers": func() string {
			return []string{fmt.Sprint(r.IntN(1 << 40)), fmt.Sprintf("x%d", r.IntN(1<<40))}[r.IntN(2)]
		},
	} {
		d, keys := NewDomain("ids"), make([]Key, 3*sharedRun)
		for i := range keys {
			keys[i] = d.Intern([]byte(text()))
		}
		k := NewKeys(len(keys))
		k.Set(0, keys)
		want := identity(nil, len(keys))
		slices.SortStableFunc(want, func(a, b int32) int { return d.Compare(keys[a], keys[b]) })
		for _, threads := range []int{1, 3} {
			if got := sortRows(threads, nil, d, k, nil); !slices.Equal(got, want) {
				t.Errorf("%s, %d threads: another order", name, threads)
			}
		}
	}
}
