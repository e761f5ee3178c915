//go:build !noasm

package kernels

import "github.com/klauspost/cpuid/v2"

// Assembly says that this build has variants in assembly.
const Assembly = true

// detect asks the processor, and with it whether the operating system keeps the wide registers.
func detect() Level {
	switch {
	case !cpuid.CPU.Supports(cpuid.AVX2, cpuid.BMI1, cpuid.BMI2):
		return Scalar
	case cpuid.CPU.Supports(cpuid.AVX512F, cpuid.AVX512DQ, cpuid.AVX512BW, cpuid.AVX512VL):
		return AVX512
	}
	return AVX2
}

// lastCache is the size of the third-level cache in bytes, or a common one where the processor does not tell.
func lastCache() int {
	if size := cpuid.CPU.Cache.L3; size > 0 {
		return size
	}
	return 32 << 20
}
