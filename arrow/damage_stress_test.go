//go:build stress

package arrow

import "time"

// The long tier: every length and every byte of files of 64 KiB and more, 10⁵ columns.
func init() {
	damageRows, damageSteps, manyColumns = 1200, 1<<30, 100_000
	hang = 10 * time.Second
}
