package trust

import "planwerk/engine/ledger"

// Components gives for each collective the smallest collective code of its subsystem at time t.
func Components(l *ledger.Ledger, t int64) []int32 {
	parent := make([]int32, l.Collectives.N)
	for i := range parent {
		parent[i] = int32(i)
	}
	e := &l.Trust
	for i := range e.N {
		if alive(e.Since[i], e.Until[i], t) {
			join(parent, e.A[i], e.B[i])
		}
	}
	// A parent is never larger than its child, so one pass upwards finds every root settled.
	for i := range parent {
		parent[i] = parent[parent[i]]
	}
	return parent
}

func alive(since, until, t int64) bool {
	return since <= t && (until == ledger.NullInt || until > t)
}

// join links the larger root to the smaller one, so a root is the smallest of its tree.
func join(parent []int32, a, b int32) {
	a, b = root(parent, a), root(parent, b)
	parent[max(a, b)] = min(a, b)
}

// root follows parents and halves the path on its way.
func root(parent []int32, a int32) int32 {
	for parent[a] != a {
		parent[a] = parent[parent[a]]
		a = parent[a]
	}
	return a
}
