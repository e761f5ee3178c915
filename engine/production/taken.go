package production

import "planwerk/engine/ledger"

// Consumed gives what a consumption took of its resource in micro-units, clipped to what was left; 0 for one that took
// nothing.
func (d *Draws) Consumed(l *ledger.Ledger, consumption int) int64 {
	c := &l.Consumptions
	_, amount := d.taken(rankConsumption, int32(consumption), c.Resource[consumption], c.Amount[consumption])
	return amount
}
