package reference

import "slices"

// edge says whether two collectives trust each other strongly at a time: §5.
func (l *ledger) edge(a, b string, at int64) bool {
	if a == b {
		return true
	}
	return slices.ContainsFunc(l.rows["trust"], func(r *row) bool {
		x, y := r.id("a"), r.id("b")
		return alive(r, at) && (x == a && y == b || x == b && y == a)
	})
}

func alive(r *row, at int64) bool {
	return r.at("since") <= at && (!r.has("until") || r.at("until") > at)
}

// components names for every collective the subsystem it is in at a time, by the smallest id in it.
func (l *ledger) components(at int64) map[string]string {
	near := map[string][]string{}
	for _, r := range l.rows["trust"] {
		if alive(r, at) {
			near[r.id("a")] = append(near[r.id("a")], r.id("b"))
			near[r.id("b")] = append(near[r.id("b")], r.id("a"))
		}
	}
	names := map[string]string{}
	for _, r := range l.rows["collectives"] { // in order of their ids, so the first of a component names it
		c := r.id("collective")
		if names[c] != "" {
			continue
		}
		names[c] = c
		for other := range reachable(c, func(id string) []string { return near[id] }) {
			names[other] = c
		}
	}
	return names
}

// members lists the collectives of each subsystem in order.
func (l *ledger) members(components map[string]string) map[string][]string {
	in := map[string][]string{}
	for _, r := range l.rows["collectives"] {
		c := r.id("collective")
		in[components[c]] = append(in[components[c]], c)
	}
	return in
}

// checkTrust reports no-strong-trust.
func (l *ledger) checkTrust() {
	for _, t := range []string{"transfers", "mop_transfers", "orders"} {
		for _, r := range l.rows[t] {
			if !l.edge(r.id("from"), r.id("to"), r.at("time")) {
				l.report("no-strong-trust", r)
			}
		}
	}
}
