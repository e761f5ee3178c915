package synth

// Zones: groups of collectives that never trade with each other. Of each zoneGroup slots in a row a fixed number belongs
// to each zone.
const (
	zoneGroup = 16
	numZones  = 5
	numComps  = 4 // components at the recorded revisions: the last two zones trusted each other then
)

// zoneLow is the first place of each zone in a group.
var zoneLow = [numZones + 1]int64{0, 10, 13, 14, 15, 16}

type zone struct {
	low, width int64 // places in a group of slots
	slots      int64
	shops      int64
	firstShop  int64 // in the numbering of shops
}

// comp is the component of a zone before its link was cut.
func comp(z int64) int64 { return min(z, numComps-1) }

func (w *world) setZones() {
	for z := range w.zones {
		zn := &w.zones[z]
		zn.low, zn.width = zoneLow[z], zoneLow[z+1]-zoneLow[z]
		zn.slots = w.slots/zoneGroup*zn.width + min(max(w.slots%zoneGroup-zn.low, 0), zn.width)
		zn.firstShop, zn.shops = w.shops, every(zn.slots, 5)
		w.shops += zn.shops
	}
}

// collectives is their number; the slots' come first, then the shops.
func (w *world) collectives() int64 { return w.slots + w.shops }

// zoneOf gives a slot's zone and its place among the zone's slots.
func (w *world) zoneOf(b int64) (z, local int64) {
	m := b % zoneGroup
	for zoneLow[z+1] <= m {
		z++
	}
	return z, b/zoneGroup*w.zones[z].width + m - zoneLow[z]
}

// slotOf is the inverse of zoneOf.
func (w *world) slotOf(z, local int64) int64 {
	zn := &w.zones[z]
	return local/zn.width*zoneGroup + zn.low + local%zn.width
}

// Of eight slots of a zone the one at place 5 makes common goods, the others exclusive ones. Each kind is a binary heap.

func isCommon(local int64) bool { return local%8 == 5 }

// rank is the place of a slot in the heap of its kind, and fromRank the inverse.
func rank(local int64) int64 {
	if isCommon(local) {
		return local / 8
	}
	return local - (local+2)/8
}

func fromRank(rank int64, common bool) int64 {
	if common {
		return rank*8 + 5
	}
	q, t := rank/7, rank%7
	if t >= 5 {
		t++
	}
	return q*8 + t
}

func (w *world) isCommon(b int64) bool {
	_, local := w.zoneOf(b)
	return isCommon(local)
}

// parent is the slot above in the heap, −1 for a root.
func (w *world) parent(b int64) int64 {
	z, local := w.zoneOf(b)
	k := rank(local)
	if k == 0 {
		return -1
	}
	return w.slotOf(z, fromRank((k-1)/2, isCommon(local)))
}

// child is the first (0) or second (1) slot below in the heap, −1 if there is none.
func (w *world) child(b, which int64) int64 {
	z, local := w.zoneOf(b)
	c := fromRank(2*rank(local)+1+which, isCommon(local))
	if c >= w.zones[z].slots {
		return -1
	}
	return w.slotOf(z, c)
}

// shop is the collective that a slot sends goods for people to; a few shops have most of the custom.
func (w *world) shop(b int64) int64 {
	z, _ := w.zoneOf(b)
	return w.zoneShop(z, skewed(w.rnd(rndShop, b), w.zones[z].shops))
}

func (w *world) zoneShop(z, i int64) int64 { return w.slots + w.zones[z].firstShop + i }

// anchor is the collective that a slot trusts so that its zone holds together: the parent; for the root of the common
// heap the root of the exclusive one, and for that the zone's first shop.
func (w *world) anchor(b int64) int64 {
	if p := w.parent(b); p >= 0 {
		return p
	}
	z, local := w.zoneOf(b)
	if isCommon(local) {
		return w.slotOf(z, 0)
	}
	return w.zoneShop(z, 0)
}
