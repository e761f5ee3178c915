//go:build !stress

package arrow

// The short tier: what `go test ./...` can afford.
const (
	damageStep = 31 // bytes between those damaged
	killCount  = 10
)
