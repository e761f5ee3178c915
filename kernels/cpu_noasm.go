//go:build noasm || !amd64

package kernels

// Assembly says that this build has variants in assembly.
const Assembly = false

func detect() Level { return Scalar }

func lastCache() int { return 32 << 20 }
