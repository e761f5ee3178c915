//go:build noasm || !amd64

package kernels

func detect() Level { return Scalar }
