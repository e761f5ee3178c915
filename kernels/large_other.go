//go:build !linux

package kernels

import "unsafe"

func adviseLargePages(unsafe.Pointer, int) {}
