package plan

import (
	"fmt"
	"slices"

	"planwerk/engine/ledger"
)

// Observed is what a ledger shows of a span of time, by product type: ids as texts, amounts in units.
type Observed struct {
	Types     []string           // all that the ledger knows, in order
	Use       map[string]float64 // handed out to individuals
	Recovered []ObservedRecovery // in order
}

// ObservedRecovery is an amount recovered from used-up goods.
type ObservedRecovery struct {
	From, To string
	Amount   float64
}

// Observe reads the final use and the recoveries of the ledger's period, times scale.
func Observe(l *ledger.Ledger, scale float64) *Observed {
	o := &Observed{Use: map[string]float64{}}
	id := func(t int32) string { return l.IDs[ledger.TProductTypes].Text(t) }
	for t, q := range FinalUse(l) {
		o.Types = append(o.Types, id(int32(t)))
		o.Use[id(int32(t))] = q * scale
	}
	for _, r := range Recovered(l) {
		o.Recovered = append(o.Recovered, ObservedRecovery{id(r.Used), id(r.Recovered), r.Share * scale})
	}
	return o
}

// Update gives a problem with targets and recycling shares as observed. The new target of a good is (1 − trust)·old +
// trust·observed, over all its regions together, and split among them as before; likewise shares of recycling, which are
// recovered per unit handed out. A good that is handed out and was no target becomes an aim. Goods that the ledger does not
// know stay as they are. Notices say what was left out.
func Update(p *Problem, o *Observed, trust float64) (*Problem, []string, error) {
	if !(trust >= 0 && trust <= 1) {
		return nil, nil, fmt.Errorf("a trust of %v in what was observed; give a share between 0 and 1", trust)
	}
	q := *p
	q.names = nil
	q.Targets, q.Recycling = slices.Clone(p.Targets), slices.Clone(p.Recycling)
	u := &updater{p: &q, o: o, trust: trust}
	u.targets()
	u.recycling()
	return &q, u.notices, nil
}

type updater struct {
	p       *Problem
	o       *Observed
	trust   float64
	notices []string
}

// targets scales those there are, good by good, and adds aims for others.
func (u *updater) targets() {
	rows := map[string][]int{}
	for k := range u.p.Targets {
		id := u.p.Products[u.p.Targets[k].Product].ID
		rows[id] = append(rows[id], k)
	}
	for _, id := range u.o.Types {
		seen := u.o.Use[id]
		sum := 0.0
		for _, k := range rows[id] {
			sum += u.p.Targets[k].Quantity
		}
		next := (1-u.trust)*sum + u.trust*seen
		switch products := u.p.Find(id); {
		case sum > 0:
			for _, k := range rows[id] {
				u.p.Targets[k].Quantity *= next / sum
			}
		case next == 0:
		case len(rows[id]) > 0:
			u.p.Targets[rows[id][0]].Quantity = next
		case len(products) == 1:
			u.p.Targets = append(u.p.Targets, Target{Product: products[0], Quantity: next, Weight: 1, Kind: Aim})
		case len(products) > 1:
			u.notices = append(u.notices, fmt.Sprintf("%s is handed out, but is no target and is made in %d regions: left out", id, len(products)))
		default:
			u.notices = append(u.notices, fmt.Sprintf("%s is handed out, but is no product of the problem: left out", id))
		}
	}
}

// recycling updates the shares of goods that were handed out.
func (u *updater) recycling() {
	share := map[[2]string]float64{}
	for _, r := range u.o.Recovered {
		if use := u.o.Use[r.From]; use > 0 {
			share[[2]string{r.From, r.To}] = r.Amount / use
		}
	}
	had := map[[2]string]bool{}
	for k := range u.p.Recycling {
		r := &u.p.Recycling[k]
		pair := [2]string{u.p.Products[r.Used].ID, u.p.Products[r.Recovered].ID}
		had[pair] = true
		if u.o.Use[pair[0]] > 0 {
			r.Share = (1-u.trust)*r.Share + u.trust*share[pair]
		}
	}
	var left []string
	for _, r := range u.o.Recovered {
		pair := [2]string{r.From, r.To}
		from, to := u.p.Find(r.From), u.p.Find(r.To)
		switch {
		case had[pair]:
		case share[pair] == 0 || len(from) != 1 || len(to) != 1:
			left = append(left, r.To+" from "+r.From)
		default:
			u.p.Recycling = append(u.p.Recycling, Recycling{Used: from[0], Recovered: to[0], Share: u.trust * share[pair]})
		}
	}
	if len(left) > 0 {
		u.notices = append(u.notices, fmt.Sprintf("recycling left out, for what it comes from was not handed out, or is no single product of the problem: %s", firstOf(left)))
	}
}
