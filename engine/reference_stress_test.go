//go:build stress

package engine_test

func init() { referenceSeeds = 10_000 }
