package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"planwerk/arrow"
	"planwerk/ledgeradapter/planproblem"
)

// located adds to a file that is not the one its manifest lists the place where its rows part from what the inputs give, as
// far as that can be computed: a digest alone says that something was changed, and not what.
func (sh *shell) located(ctx context.Context, dir string, man *arrow.Manifest, ledger string, found error) error {
	var e *arrow.Error
	if !errors.As(found, &e) || e.Row > 0 || e.Line > 0 {
		return found
	}
	var place error
	switch {
	case planproblem.IsPlan(man):
		_, place = sh.recheckPlan(ctx, dir, man, ledger, planproblem.OpenPlanAsIs)
	case e.Table != "" && !isEconomy(man):
		place = sh.placeIn(ctx, dir, e.Table, man, ledger)
	}
	if place == nil {
		return found
	}
	return inputf("%w; computed again: %w", found, place)
}

// placeIn is where the rows of a table of a result part from those that its ledger gives; nil where they do not, or where
// that cannot be computed.
func (sh *shell) placeIn(ctx context.Context, dir, table string, man *arrow.Manifest, ledger string) error {
	c, err := sh.recomputed(ctx, dir, man, ledger)
	if err != nil {
		return nil
	}
	defer c.close()
	c.only(tableNames(man))
	at := slices.IndexFunc(c.tables, func(t arrow.ResultTable) bool { return t.Name == table })
	if at < 0 {
		return nil
	}
	place, err := firstDifference(ctx, dir, &c.tables[at], true)
	if err != nil || place == "" {
		return nil
	}
	return fmt.Errorf("table %s, %s", table, place)
}
