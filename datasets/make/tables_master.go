package synth

import (
	"fmt"

	"planwerk/engine/ledger"
)

var (
	regions    = [...]string{"north", "east", "south", "west", "coast", "hills"}
	units      = [...]string{"kg", "l", "piece", "m", "kWh", "hour"}
	categories = [...]string{"agriculture", "care", "construction", "culture", "education", "energy", "health", "industry", "research", "transport"}
	reasons    = [...]string{"spoiled", "broken", "flooded", "worn out", "cold chain broken", "over capacity"}
)

func (w *world) collectivesTable() *table {
	t := newTable(ledger.TCollectives, block{w.collectives(), func(i int64, r *row) {
		r[0], r[1], r[2], r[3] = i, flag(i >= w.slots), below(w.rnd(rndText, i), int64(len(regions))), i
	}})
	kinds := [...]string{"c2c", "c2i", "guild"} // the third is wrong, for planted violations
	t.text = func(c int, code int64) string {
		switch c {
		case 1:
			return kinds[code]
		case 2:
			return regions[code]
		}
		if code < w.slots {
			return fmt.Sprintf("Workshop %d", code+1)
		}
		return fmt.Sprintf("Shop %d", code-w.slots+1)
	}
	return t
}

// trustTable: each slot with its anchor and its shop, each shop with a slot of its zone, ended edges, and the two links
// between zones.
func (w *world) trustTable() *table {
	edge := func(r *row, a, b, since, until int64) { r[0], r[1], r[2], r[3] = a, b, since, until }
	return newTable(ledger.TTrust,
		block{every(w.slots, historicEvery), func(i int64, r *row) {
			b := i * historicEvery
			edge(r, b, w.anchor(b), date(2017, 1, 1)+i*second, date(2019, 6, 1)+i*second)
		}},
		block{w.slots, func(b int64, r *row) {
			edge(r, b, w.anchor(b), within(date(2020, 2, 1), date(2020, 6, 1), b, w.slots), null)
		}},
		block{w.slots, func(b int64, r *row) {
			edge(r, b, w.shop(b), within(date(2020, 7, 1), date(2020, 9, 1), b, w.slots), null)
		}},
		block{w.shops, func(i int64, r *row) {
			z := 0
			for z+1 < numZones && w.zones[z+1].firstShop <= i {
				z++
			}
			zn := &w.zones[z]
			b := w.slotOf(int64(z), min((i-zn.firstShop)*5, zn.slots-1))
			edge(r, w.slots+i, b, within(date(2020, 10, 1), date(2020, 12, 1), i, w.shops), null)
		}},
		block{2, func(i int64, r *row) {
			if i == 0 {
				edge(r, w.slotOf(1, 0), w.slotOf(2, 0), date(2020, 12, 2), date(2025, 12, 15))
			} else {
				edge(r, w.slotOf(3, 0), w.slotOf(4, 0), date(2020, 12, 3), linkCut)
			}
		}})
}

func (w *world) productTypesTable() *table {
	t := newTable(ledger.TProductTypes, block{w.types, func(i int64, r *row) {
		r[0], r[1], r[2], r[3] = i, i, below(w.rnd(rndText, ^i), int64(len(units))), flag(i >= w.common)
	}})
	t.text = func(c int, code int64) string {
		if c == 2 {
			return units[code]
		}
		return fmt.Sprintf("Product %d", code+1)
	}
	return t
}

// productType draws a type of the wanted kind; a few are popular.
func (w *world) productType(h uint64, common bool) int64 {
	if common {
		return w.common + skewed(h, w.types-w.common)
	}
	return skewed(h, w.common)
}

func (w *world) elementsTable() *table {
	return newTable(ledger.TElements, block{w.cfg.Elements, func(e int64, r *row) {
		v, d := w.element(e)
		r[0], r[1], r[2], r[3] = e, null, v, d
		f := &w.firm
		if e >= f.count*f.size() || e%f.size() < f.tops {
			r[1] = w.productType(w.rnd(rndType, ^e), false)
		}
	}})
}

func (w *world) elementPartsTable() *table {
	f := &w.firm
	n := f.partCount()
	wholes := (f.depth - 1) * f.width
	edges := block{f.partRows(), func(i int64, r *row) {
		var buf [partsPerElement]int64
		k := i / n
		e := k/wholes*f.size() + k%wholes
		r[0], r[1] = e, w.parts(e, buf[:0])[i%n]
	}}
	// Planted: pairs of single elements that are parts of each other.
	rings := block{w.planted(f.singles/singleKinds) / 2 * 2, func(i int64, r *row) {
		r[0], r[1] = f.singleOf(singleOther, i), f.singleOf(singleOther, i^1)
	}}
	return newTable(ledger.TElementParts, edges, rings)
}

func (w *world) mopsTable() *table {
	fill := func(b, m int64, r *row) {
		common := w.isCommon(b)
		*r = row{w.mop(b, m), w.rootOf(b).element, b, w.commissioned(b, m), flag(machineCommon(common, m)), w.builtResource(b), microunit}
		if m == olds {
			r[1], r[5], r[6] = w.firm.singleOf(singleOld, b), w.raw(b, raws), null
		}
	}
	return newTable(ledger.TMoPs,
		block{w.slots * late, func(i int64, r *row) { fill(i/late, i%late, r) }},
		block{w.slots, func(b int64, r *row) { fill(b, olds, r) }},
		block{w.slots, func(b int64, r *row) { fill(b, late, r) }})
}

func (w *world) mopTransfersTable() *table {
	n := every(w.slots, lentEvery)
	return newTable(ledger.TMoPTransfers, block{n, func(i int64, r *row) {
		b := i * lentEvery
		to := w.parent(b)
		if to < 0 {
			to = w.shop(b)
		}
		*r = row{i, within(startTime+20*day, startTime+70*day, i, n), w.mop(b, lent), b, to}
	}})
}

func (w *world) citizensTable() *table {
	t := newTable(ledger.TCitizens, block{w.wallets(), func(i int64, r *row) {
		h := w.rnd(rndCitizen, i)
		*r = row{i, (4 + below(h, 9)) * microunit / 4, i / 500, i / 100_000, below(mix(h), int64(len(categories)))}
		if h&63 == 0 {
			r[1] = null
		}
	}})
	t.text = func(_ int, code int64) string { return categories[code] }
	return t
}
