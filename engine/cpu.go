package engine

import (
	"time"

	"planwerk/kernels/system"
)

// cpuTime is the processor time this process has used, in user and kernel mode.
func cpuTime() time.Duration { return system.ProcessorTime() }
