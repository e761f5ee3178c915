//go:build !(linux && amd64)

package cuda

import "runtime"

// systemDriver has no binding on this system.
func systemDriver() Driver { return absent{} }

// absent is the driver of a system that none of the bindings knows.
type absent struct{ Driver }

func (absent) Init() error {
	return unavailable("%s/%s has no binding to CUDA; there is one for linux/amd64", runtime.GOOS, runtime.GOARCH)
}
