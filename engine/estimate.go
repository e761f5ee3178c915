package engine

import "planwerk/engine/ledger"

// Bytes that a row of some tables takes beside its columns when a batch holds most, while productions are valued.
const (
	bytesPerResource   = 30 + 16 + 16 + 16 // its row in Resources; amount and rest; value; list of its draws, then value left
	bytesPerDraw       = 8 + 4             // what was taken before it; its place in a list
	bytesPerInput      = 3 * 4             // of a consumption: production, maker, place in a list
	bytesPerAllocation = 2 * 16            // θ, θ of the period
	bytesPerProduction = 8 + 5*16 + 4*4 + 8
)

// Estimate is the memory in bytes that the columns of a batch need at the most, for a ledger of so many rows by table
// whose ids are integers; such ids take four bytes a cell, or eight beyond 2³¹, and their names nothing where they follow
// each other. Ids of other texts take their length once more.
func Estimate(rows [ledger.NumTables]int64) int64 {
	total := int64(0)
	for t, n := range rows {
		for _, c := range ledger.Schema[t].Columns {
			total += n * cellBytes(c.Kind)
		}
	}
	for _, t := range []ledger.TableID{ledger.TCollectivizations, ledger.TOutputs, ledger.TTransfers, ledger.TRecoveries} {
		total += rows[t] * bytesPerResource
	}
	for _, t := range []ledger.TableID{ledger.TConsumptions, ledger.TTransfers, ledger.TDispatches, ledger.TWriteOffs, ledger.TMoPs} {
		total += rows[t] * bytesPerDraw
	}
	return total + rows[ledger.TConsumptions]*bytesPerInput + rows[ledger.TMoPAllocations]*bytesPerAllocation + rows[ledger.TProductions]*bytesPerProduction
}

// cellBytes is what a cell of a kind takes in memory.
func cellBytes(k ledger.Kind) int64 {
	switch k {
	case ledger.KindID:
		return 4
	case ledger.KindFlag:
		return 1
	case ledger.KindWide:
		return 16
	case ledger.KindText:
		return 8 + 12 // its place, and a short text
	}
	return 8
}
