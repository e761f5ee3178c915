package kernels

// Narrow sets dst[i] to src[i] as far as the values fit an int64, and returns how many did before the first that does not:
// len(src) when all fit. What lies in dst from there on is not set.
//
//	for i := range src { if !src[i].IsInt64() { return i }; dst[i] = src[i].Int64() }
//
// dst is at least as long as src.
func Narrow(dst []int64, src []Int128) int {
	dst = dst[:len(src)]
	done := 0
	if n := len(src) &^ 3; level >= AVX2 && n > 0 {
		done = narrowAVX2(&dst[0], &src[0].Hi, n)
	}
	return done + narrow(dst[done:], src[done:])
}

func narrow(dst []int64, src []Int128) int {
	dst = dst[:len(src)]
	for i, v := range src {
		if !v.IsInt64() {
			return i
		}
		dst[i] = v.Int64()
	}
	return len(src)
}
