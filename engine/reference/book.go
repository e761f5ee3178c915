package reference

import "math/big"

// book is a checked ledger with everything derived that does not depend on the start of the period.
type book struct {
	*ledger
	elements   map[string]*element
	production map[string]*production
	resources  map[string]*resource
	mops       map[string]*mop
	kind       map[string]string // of collectives
	commonType map[string]bool   // of product types
	subsystem  map[string]string // of collectives, at k2

	draws      map[*row]*draw
	uses       map[*row]*use
	leftOut    map[*row]bool     // write-offs that do not take part
	writtenOff map[*row]*big.Int // what each write-off counts

	values map[*resource]*big.Int
	inputs map[*production]*big.Int
}

// derive computes §1–§3 and §5, and checks their rules.
func derive(l *ledger) *book {
	b := &book{ledger: l, kind: map[string]string{}, commonType: map[string]bool{},
		values: map[*resource]*big.Int{}, inputs: map[*production]*big.Int{}}
	for _, r := range b.rows["collectives"] {
		b.kind[r.id("collective")] = r.id("kind")
	}
	for _, r := range b.rows["product_types"] {
		b.commonType[r.id("product_type")] = r.flag("common")
	}
	b.subsystem = l.components(l.until)
	b.elements = compose(l)
	checkElements(l, b.elements)
	b.openProductions()
	b.openMops()
	b.openResources()
	b.findCircular()
	b.allocate()
	b.valueWriteOffs()
	b.checkMops()
	b.checkProductions()
	b.checkOwners()
	b.checkSeparation()
	b.checkTrust()
	return b
}
