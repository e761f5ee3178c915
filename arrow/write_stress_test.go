//go:build stress

package arrow

const (
	damageStep = 1
	killCount  = 200
)
