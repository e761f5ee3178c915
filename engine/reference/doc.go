// Package reference computes the results of a ledger export a second time, slowly, for tests to compare the engine with.
//
// It is written from MODEL.md, DECISIONS.md and the ledger's format alone, in math/big and plain maps; it shares no line with
// the engine and imports none of its packages. Every quantity is computed the way the model defines it, over and over where
// that is simpler. Awkward makes small random ledgers that reach every rule of the model.
//
// Units: values and minutes are held in micro-minutes, amounts in micro-units, times in microseconds since the Unix epoch,
// ages and durabilities in whole minutes.
package reference
