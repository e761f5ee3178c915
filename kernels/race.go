//go:build race

package kernels

// raceDetector says that a detector of data races watches. It does not see what assembly reads: kernels that read what other
// threads write by atomic instructions run their definitions then.
const raceDetector = true
