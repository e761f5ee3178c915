package arrow

import (
	"crypto/sha256"
	"fmt"
	"testing"

	sha256simd "github.com/minio/sha256-simd"
)

// The library chosen in digest.go against the standard one, on leaves, inner nodes and long rows.
func BenchmarkSHA256(b *testing.B) {
	for _, size := range []int{64, 256, 4096, 1 << 20} {
		data := make([]byte, size)
		for _, lib := range []struct {
			name string
			sum  func([]byte) [32]byte
		}{{"crypto/sha256", sha256.Sum256}, {"sha256-simd", sha256simd.Sum256}} {
			b.Run(fmt.Sprintf("bytes=%d/%s", size, lib.name), func(b *testing.B) {
				b.SetBytes(int64(size))
				for range b.N {
					data[0] ^= lib.sum(data)[1]
				}
			})
		}
	}
}
