package reference

// checkOwners reports not-owner, not-c2i and collective-mismatch.
func (b *book) checkOwners() {
	maker := func(r *row) string { return b.production[r.id("production")].row.id("collective") }
	owner := func(r *row) string { return b.resources[r.id("resource")].owner }
	mopOwner := func(r *row, time string) string { return b.mops[r.id("mop")].owner(r.at(time)) }
	acts := func(r *row, who, owner string) {
		if who != owner {
			b.report("not-owner", r)
		}
	}
	for _, r := range b.rows["consumptions"] {
		acts(r, maker(r), owner(r))
	}
	for _, r := range b.rows["transfers"] {
		acts(r, r.id("from"), owner(r))
	}
	for _, r := range b.rows["dispatches"] {
		acts(r, r.id("collective"), owner(r))
	}
	for _, r := range b.rows["mops"] {
		if r.has("resource") {
			acts(r, r.id("collective"), owner(r))
		}
	}
	for _, r := range b.rows["mop_allocations"] {
		acts(r, maker(r), mopOwner(r, "start"))
	}
	for _, r := range b.rows["write_offs"] {
		switch {
		case b.leftOut[r]:
		case r.has("resource"):
			acts(r, r.id("collective"), owner(r))
		default:
			acts(r, r.id("collective"), mopOwner(r, "time"))
		}
	}
	for _, m := range b.mops {
		before := m.row.id("collective")
		for _, r := range m.transfers {
			acts(r, r.id("from"), before)
			before = r.id("to")
		}
	}
	for _, r := range b.rows["workloads"] {
		if r.id("collective") != maker(r) {
			b.report("collective-mismatch", r)
		}
	}
	for _, t := range []string{"dispatches", "appropriations"} {
		for _, r := range b.rows[t] {
			if b.kind[r.id("collective")] != "c2i" {
				b.report("not-c2i", r)
			}
		}
	}
}

// checkSeparation reports rows that mix common and exclusive.
func (b *book) checkSeparation() {
	for _, t := range []string{"workloads", "consumptions", "mop_allocations", "outputs"} {
		for _, r := range b.rows[t] {
			common := b.production[r.id("production")].row.flag("common")
			mixed := r.flag("common") != common
			switch t {
			case "consumptions":
				mixed = mixed || b.resources[r.id("resource")].common != common
			case "mop_allocations":
				exclusive := !b.mops[r.id("mop")].row.flag("common")
				mixed = mixed || exclusive && common && !r.flag("repurposed")
			}
			if mixed {
				b.report("separation", r)
			}
		}
	}
}
