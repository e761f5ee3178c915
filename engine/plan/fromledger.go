package plan

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"planwerk/engine/ledger"
)

// micro is what amounts and minutes of a ledger are counted in.
const micro = 1e6

// microsPerHour is an hour in a ledger's time.
const microsPerHour = 3600e6

// FromLedger makes a plan problem from what a ledger records of its period ]After, Until]:
//
//	products     product types
//	techniques   one per collective and product type, in units of that type: what the productions that ended in the period
//	             made, used and worked. A production with several outputs counts for the type of the greatest declared
//	             value, else of the greatest amount; the others are by-products. Collectivized goods are techniques without
//	             labour, up to what was collectivized.
//	resources    workloads by collective, minutes; hours of means of production by collective and kind (the product type of
//	             the root element, else the element)
//	targets      final use: what C2I collectives dispatched, and their open orders (accepted, not rejected, not delivered); aims
//	stocks       what there was of each type when the period began
//	recycling    recovered per unit dispatched of the type it was recovered from
//
// An order is accepted once a value was estimated for it or a production was begun for it, and delivered once the
// transfers between the two collectives of the type since the order have covered it, oldest orders first. Draws are as
// recorded; the wear of means of production is no flow. Amounts in units, labour in minutes.
func FromLedger(l *ledger.Ledger) (*Problem, []string) {
	f := &fromLedger{l: l, p: &Problem{}}
	f.products()
	f.productions()
	f.techniques()
	f.labour()
	f.machines()
	f.collectivized()
	f.targets()
	f.stocks()
	f.recycling()
	return f.p, f.notices
}

// making is the key of a technique.
type making struct{ collective, product int32 }

// fromLedger gathers a problem.
type fromLedger struct {
	l       *ledger.Ledger
	p       *Problem
	notices []string

	at        map[making]int32 // technique of a collective and type
	keys      []making         // of techniques
	output    []float64        // of techniques: units of their type made
	of        []int32          // per production: its technique, −1: none
	final     []float64        // per product type: dispatched to individuals in the period
	flows     map[[2]int32]float64
	labourUse []float64 // per technique: minutes
}

func (f *fromLedger) id(t ledger.TableID, code int32) string { return f.l.IDs[t].Text(code) }

func (f *fromLedger) products() {
	for i := range f.l.ProductTypes.N {
		f.p.Products = append(f.p.Products, Product{ID: f.id(ledger.TProductTypes, int32(i))})
	}
}

// productions gives each production that ended in the period its technique.
func (f *fromLedger) productions() {
	l := f.l
	type yield struct{ value, amount float64 }
	made := make(map[int32]map[int32]yield)
	for k := range l.Outputs.N {
		o := &l.Outputs
		if o.Production[k] < 0 || !l.InPeriod(o.Time[k]) || o.ProductType[k] < 0 {
			continue
		}
		y := made[o.Production[k]]
		if y == nil {
			y = map[int32]yield{}
			made[o.Production[k]] = y
		}
		v := y[o.ProductType[k]]
		v.amount += float64(o.Amount[k]) / micro
		if o.Value[k] != ledger.NullInt {
			v.value += float64(o.Value[k]) / micro
		}
		y[o.ProductType[k]] = v
	}
	f.of = make([]int32, l.Productions.N)
	f.at, f.flows = map[making]int32{}, map[[2]int32]float64{}
	for i := range f.of {
		f.of[i] = -1
		main, best := int32(-1), yield{}
		for _, t := range sorted(made[int32(i)]) {
			if y := made[int32(i)][t]; main < 0 || y.value > best.value || (y.value == best.value && y.amount > best.amount) {
				main, best = t, y
			}
		}
		if main < 0 || best.amount <= 0 {
			continue
		}
		key := making{l.Productions.Collective[i], main}
		j, known := f.at[key]
		if !known {
			j = int32(len(f.keys))
			f.at[key] = j
			f.keys, f.output = append(f.keys, key), append(f.output, 0)
		}
		f.of[i] = j
		f.output[j] += best.amount
		for _, t := range sorted(made[int32(i)]) {
			f.flows[[2]int32{j, t}] += made[int32(i)][t].amount
		}
	}
}

// sorted lists the keys of a map in order.
func sorted[V any](m map[int32]V) []int32 {
	keys := make([]int32, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// techniques adds what productions used up, and writes techniques and flows per unit made.
func (f *fromLedger) techniques() {
	l := f.l
	for k := range l.Consumptions.N {
		c := &l.Consumptions
		if c.Production[k] < 0 || c.Resource[k] < 0 || f.of[c.Production[k]] < 0 {
			continue
		}
		if t := l.Resources.Type[c.Resource[k]]; t >= 0 {
			f.flows[[2]int32{f.of[c.Production[k]], -1 - t}] += float64(c.Amount[k]) / micro // uses apart from what is made
		}
	}
	f.labourUse = make([]float64, len(f.keys))
	for k := range l.Workloads.N {
		w := &l.Workloads
		if w.Production[k] >= 0 && f.of[w.Production[k]] >= 0 {
			f.labourUse[f.of[w.Production[k]]] += float64(w.Minutes[k]) / micro
		}
	}
	for j, key := range f.keys {
		f.p.Techniques = append(f.p.Techniques, Technique{ID: f.id(ledger.TCollectives, key.collective) + ":" + f.id(ledger.TProductTypes, key.product),
			Labour: f.labourUse[j] / f.output[j], Maximum: math.Inf(1)})
	}
	keys := make([][2]int32, 0, len(f.flows))
	for k := range f.flows {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b [2]int32) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(b[1], a[1])) })
	for _, k := range keys {
		quantity, product := f.flows[k]/f.output[k[0]], k[1]
		if product < 0 {
			quantity, product = -quantity, -1-product
		}
		f.p.Flows = append(f.p.Flows, Flow{k[0], product, quantity})
	}
}

// resource adds a resource and gives its row.
func (f *fromLedger) resource(id string, available float64) int32 {
	f.p.Resources = append(f.p.Resources, Resource{ID: id, Available: available})
	return int32(len(f.p.Resources) - 1)
}

// labour makes a resource of the workloads of each collective in the period. A technique uses that of its own.
func (f *fromLedger) labour() {
	l := f.l
	minutes := make([]float64, l.Collectives.N)
	worked := make([]bool, l.Collectives.N)
	for k := range l.Workloads.N {
		if w := &l.Workloads; l.InPeriod(w.Time[k]) && w.Collective[k] >= 0 {
			minutes[w.Collective[k]] += float64(w.Minutes[k]) / micro
			worked[w.Collective[k]] = true
		}
	}
	for c := range minutes {
		if !worked[c] {
			continue
		}
		r := f.resource("labour:"+f.id(ledger.TCollectives, int32(c)), minutes[c])
		for j, key := range f.keys {
			if key.collective == int32(c) && f.labourUse[j] > 0 {
				f.p.Uses = append(f.p.Uses, Use{int32(j), r, f.labourUse[j] / f.output[j]})
			}
		}
	}
}

// machines makes a resource of the hours of each collective's means of production of a kind.
func (f *fromLedger) machines() {
	l := f.l
	type park struct {
		collective int32
		kind       string
	}
	hours := map[park]float64{}
	var parks []park
	owners := f.owners()
	kindOf := func(m int32) string {
		e := l.MoPs.Element[m]
		if e < 0 {
			return "unknown"
		}
		if t := l.Elements.ProductType[e]; t >= 0 {
			return f.id(ledger.TProductTypes, t)
		}
		return f.id(ledger.TElements, e)
	}
	ended := f.ended()
	for m := range l.MoPs.N {
		from, to := max(l.After, l.MoPs.Commissioned[m]), min(l.Until, ended[m])
		if to <= from || owners[m] < 0 {
			continue
		}
		k := park{owners[m], kindOf(int32(m))}
		if _, known := hours[k]; !known {
			parks = append(parks, k)
		}
		hours[k] += float64(to-from) / microsPerHour
	}
	used := map[park]map[int32]float64{}
	for k := range l.MoPAllocations.N {
		a := &l.MoPAllocations
		if a.Production[k] < 0 || a.MoP[k] < 0 || f.of[a.Production[k]] < 0 {
			continue
		}
		end := a.End[k]
		if end == ledger.NullInt {
			end = l.Until
		}
		end = min(end, ended[a.MoP[k]])
		key := park{owners[a.MoP[k]], kindOf(a.MoP[k])}
		if _, there := hours[key]; !there || end <= a.Start[k] {
			continue
		}
		if used[key] == nil {
			used[key] = map[int32]float64{}
		}
		used[key][f.of[a.Production[k]]] += float64(end-a.Start[k]) / microsPerHour
	}
	for _, k := range parks {
		r := f.resource("hours:"+f.id(ledger.TCollectives, k.collective)+":"+k.kind, hours[k])
		for _, j := range sorted(used[k]) {
			f.p.Uses = append(f.p.Uses, Use{j, r, used[k][j] / f.output[j]})
		}
	}
}

// owners are the collectives that own the means of production at the end of the period.
func (f *fromLedger) owners() []int32 {
	l := f.l
	owner := slices.Clone(l.MoPs.Collective)
	last := make([]int64, l.MoPs.N)
	for m := range last {
		last[m] = math.MinInt64
	}
	for k := range l.MoPTransfers.N {
		t := &l.MoPTransfers
		if m := t.MoP[k]; m >= 0 && t.Time[k] >= last[m] && t.Time[k] <= l.Until {
			last[m], owner[m] = t.Time[k], t.To[k]
		}
	}
	return owner
}

// ended is when each of the means of production was written off.
func (f *fromLedger) ended() []int64 {
	l := f.l
	ended := make([]int64, l.MoPs.N)
	for m := range ended {
		ended[m] = math.MaxInt64
	}
	for k := range l.WriteOffs.N {
		if m := l.WriteOffs.MoP[k]; m >= 0 {
			ended[m] = min(ended[m], l.WriteOffs.Time[k])
		}
	}
	return ended
}

// collectivized adds a technique for what came from outside of the books.
func (f *fromLedger) collectivized() {
	l := f.l
	amount := map[making]float64{}
	var keys []making
	for r := range l.Resources.N {
		if l.Resources.Origin[r] != ledger.TCollectivizations || !l.InPeriod(l.Resources.Time[r]) || l.Resources.Type[r] < 0 {
			continue
		}
		k := making{l.Resources.Collective[r], l.Resources.Type[r]}
		if _, known := amount[k]; !known {
			keys = append(keys, k)
		}
		amount[k] += float64(l.Resources.Amount[r]) / micro
	}
	for _, k := range keys {
		j := int32(len(f.p.Techniques))
		f.p.Techniques = append(f.p.Techniques, Technique{ID: "collectivize:" + f.id(ledger.TCollectives, k.collective) + ":" +
			f.id(ledger.TProductTypes, k.product), Maximum: amount[k]})
		f.p.Flows = append(f.p.Flows, Flow{j, k.product, 1})
	}
	if len(f.p.Techniques) == 0 {
		f.notices = append(f.notices, fmt.Sprintf("no production ended in the period: the ledger of %d productions gives no technique", l.Productions.N))
	}
}
