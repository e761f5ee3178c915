package engine

import (
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime is the processor time this process has used, in user and kernel mode.
func cpuTime() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
