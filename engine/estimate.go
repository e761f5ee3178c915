package engine

import "planwerk/engine/ledger"

// Bytes that a row of some tables takes beside its columns when a batch holds most, while productions are valued.
const (
	bytesPerResource   = 30 + 16 + 16 + 8 // its row in Resources; amount and rest; value; its places in lists
	bytesPerDraw       = 8                // what was taken before it
	bytesPerInput      = 4                // of a consumption: its place in a list
	bytesPerAllocation = 2 * 16           // θ, θ of the period
	bytesPerProduction = 8 + 5*16 + 4*4 + 8
)

// Estimate is the memory in bytes that the columns of a batch need at the most, for a ledger of so many rows by table
// whose ids are integers; such ids take four bytes a cell, or eight beyond 2³¹, and their names nothing where they follow
// each other. Ids of other texts take their length once more.
func Estimate(rows [ledger.NumTables]int64) int64 {
	total, read := int64(0), int64(0) // read: before rows are their own codes
	for t, n := range rows {
		for c, col := range ledger.Schema[t].Columns {
			read += n * cellBytes(col.Kind)
			named := c == 0 && len(ledger.Schema[t].Key) == 1 && ledger.Schema[t].Creates != ledger.DomResource
			if !named && ledger.TableID(t) != ledger.TCitizens {
				total += n * cellBytes(col.Kind)
			}
		}
	}
	for _, t := range []ledger.TableID{ledger.TCollectivizations, ledger.TOutputs, ledger.TTransfers, ledger.TRecoveries} {
		total += rows[t] * bytesPerResource
	}
	for _, t := range []ledger.TableID{ledger.TConsumptions, ledger.TTransfers, ledger.TDispatches, ledger.TWriteOffs, ledger.TMoPs} {
		total += rows[t] * bytesPerDraw
	}
	total += rows[ledger.TConsumptions]*bytesPerInput + rows[ledger.TMoPAllocations]*bytesPerAllocation + rows[ledger.TProductions]*bytesPerProduction
	return max(total, read)
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
