package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"planwerk/engine/ledger"
)

// targets are the dispatches of C2I collectives in the period and their open orders.
func (f *fromLedger) targets() {
	f.final = FinalUse(f.l)
	open, orders := openOrders(f.l)
	for t := range f.final {
		if q := f.final[t] + open[t]; q > 0 {
			f.p.Targets = append(f.p.Targets, Target{Product: int32(t), Quantity: q, Weight: 1, Kind: Aim})
		}
	}
	if orders > 0 {
		f.notices = append(f.notices, fmt.Sprintf("%d open orders of collectives that hand goods out are part of the targets", orders))
	}
}

// FinalUse is what C2I collectives dispatched in the period, in units per product type.
func FinalUse(l *ledger.Ledger) []float64 {
	final := make([]float64, l.ProductTypes.N)
	for k := range l.Dispatches.N {
		d := &l.Dispatches
		if !l.InPeriod(d.Time[k]) || d.Collective[k] < 0 || d.Resource[k] < 0 || l.Collectives.C2I[d.Collective[k]] == 0 {
			continue
		}
		if t := l.Resources.Type[d.Resource[k]]; t >= 0 {
			final[t] += float64(d.Amount[k]) / micro
		}
	}
	return final
}

// lane is a way that goods of a type go.
type lane struct{ from, to, product int32 }

// openOrders is what C2I collectives have ordered and not been given by the end of the period, in units per type.
func openOrders(l *ledger.Ledger) (open []float64, count int) {
	open = make([]float64, l.ProductTypes.N)
	o := &l.Orders
	rejected, accepted := make([]bool, o.N), make([]bool, o.N)
	for k := range l.OrderRejections.N {
		if i := l.OrderRejections.Order[k]; i >= 0 {
			rejected[i] = true
		}
	}
	for k := range l.ValueEstimations.N {
		if i := l.ValueEstimations.Order[k]; i >= 0 {
			accepted[i] = true
		}
	}
	for k := range l.Productions.N {
		if i := l.Productions.Order[k]; i >= 0 {
			accepted[i] = true
		}
	}
	waiting := map[lane][]int32{} // orders, oldest first
	for i := range o.N {
		if o.From[i] >= 0 && o.To[i] >= 0 && o.ProductType[i] >= 0 && l.Collectives.C2I[o.From[i]] == 1 && accepted[i] && !rejected[i] {
			k := lane{o.To[i], o.From[i], o.ProductType[i]}
			waiting[k] = append(waiting[k], int32(i))
		}
	}
	for _, list := range waiting {
		slices.SortStableFunc(list, func(a, b int32) int { return cmp.Compare(o.Time[a], o.Time[b]) })
	}
	left := deliveredOrders(l, waiting)
	for i := range o.N {
		if rest, there := left[int32(i)]; there && rest > 0 {
			open[o.ProductType[i]] += float64(rest) / micro
			count++
		}
	}
	return open, count
}

// deliveredOrders counts transfers along each lane, in order of time, against the oldest order not later than them; it
// gives what is left of each order, in micro-units.
func deliveredOrders(l *ledger.Ledger, waiting map[lane][]int32) map[int32]int64 {
	left := map[int32]int64{}
	for _, list := range waiting {
		for _, i := range list {
			left[i] = l.Orders.Amount[i]
		}
	}
	t := &l.Transfers
	byTime := make([]int32, t.N)
	for k := range byTime {
		byTime[k] = int32(k)
	}
	slices.SortStableFunc(byTime, func(a, b int32) int { return cmp.Compare(t.Time[a], t.Time[b]) })
	for _, k := range byTime {
		if t.Resource[k] < 0 || t.Time[k] > l.Until {
			continue
		}
		rest := t.Amount[k]
		for _, i := range waiting[lane{t.From[k], t.To[k], l.Resources.Type[t.Resource[k]]}] {
			if l.Orders.Time[i] > t.Time[k] {
				break
			}
			part := min(rest, left[i])
			left[i], rest = left[i]-part, rest-part
		}
	}
	return left
}

// stocks are what was left of all resources when the period began.
func (f *fromLedger) stocks() {
	l := f.l
	left := make([]int64, l.Resources.N)
	for r := range left {
		if l.Resources.Time[r] <= l.After {
			left[r] = l.Resources.Amount[r]
		}
	}
	draw := func(r int32, time, amount int64) {
		if r < 0 || time > l.After {
			return
		}
		if amount == ledger.NullInt {
			amount = left[r]
		}
		left[r] = max(0, left[r]-amount)
	}
	for k := range l.Consumptions.N {
		draw(l.Consumptions.Resource[k], l.Consumptions.Time[k], l.Consumptions.Amount[k])
	}
	for k := range l.Transfers.N {
		draw(l.Transfers.Resource[k], l.Transfers.Time[k], l.Transfers.Amount[k])
	}
	for k := range l.Dispatches.N {
		draw(l.Dispatches.Resource[k], l.Dispatches.Time[k], l.Dispatches.Amount[k])
	}
	for k := range l.MoPs.N {
		draw(l.MoPs.Resource[k], l.MoPs.Commissioned[k], l.MoPs.Amount[k])
	}
	for k := range l.WriteOffs.N {
		draw(l.WriteOffs.Resource[k], l.WriteOffs.Time[k], l.WriteOffs.Amount[k])
	}
	stock := make([]float64, l.ProductTypes.N)
	for r, v := range left {
		if t := l.Resources.Type[r]; t >= 0 {
			stock[t] += float64(v) / micro
		}
	}
	for t, v := range stock {
		if v > 0 {
			f.p.Stocks = append(f.p.Stocks, Stock{int32(t), v})
		}
	}
}

// recycling is what was recovered per unit of final use of the type it comes from.
func (f *fromLedger) recycling() {
	var without []string
	for _, r := range Recovered(f.l) {
		if use := f.final[r.Used]; use > 0 {
			r.Share /= use
			f.p.Recycling = append(f.p.Recycling, r)
		} else {
			without = append(without, f.p.Products[r.Recovered].ID+" from "+f.p.Products[r.Used].ID)
		}
	}
	if len(without) > 0 {
		f.notices = append(f.notices, fmt.Sprintf("recycling without a part, for nothing that it comes from was handed out in the period: %s", firstOf(without)))
	}
}

// mostNamed bounds what a notice names.
const mostNamed = 3

// firstOf names the first of many.
func firstOf(names []string) string {
	if more := len(names) - mostNamed; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:mostNamed], ", "), more)
	}
	return strings.Join(names, ", ")
}

// Recovered is what was recovered in the period, by the type it came from: Share holds the amount, in units.
func Recovered(l *ledger.Ledger) []Recycling {
	amount := map[[2]int32]float64{}
	var keys [][2]int32
	for k := range l.Recoveries.N {
		r, from := l.Recoveries.Resource[k], l.Recoveries.FromType[k]
		if r < 0 || from < 0 || l.Resources.Type[r] < 0 || !l.InPeriod(l.Resources.Time[r]) {
			continue
		}
		key := [2]int32{from, l.Resources.Type[r]}
		if _, known := amount[key]; !known {
			keys = append(keys, key)
		}
		amount[key] += float64(l.Resources.Amount[r]) / micro
	}
	slices.SortFunc(keys, func(a, b [2]int32) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	var list []Recycling
	for _, k := range keys {
		list = append(list, Recycling{Used: k[0], Recovered: k[1], Share: amount[k]})
	}
	return list
}
