// Package kernels holds arithmetic on plain slices and 128-bit integers. It knows nothing of ledgers, plans or files.
//
// Every operation has one plain Go definition, always compiled; its doc comment is the loop it equals. Faster variants
// are copies that agree with it to the bit.
//
// Integers: sums are associative, so width, threads and chunking cannot change a result.
//
// Floats: the order is fixed once, here. A sum over n values runs in eight lanes, lane i taking the values at i, i+8,
// i+16, …; the lanes are then added as ((0+4)+(2+6)) + ((1+5)+(3+7)). A product is rounded before it is added, written
// float64(x*y) + z, so that no compiler fuses the two. What a NaN carries beyond being none is left open.
//
// Variants in assembly are written by the generators in _gen ("go run ." there) and chosen once, when the process starts,
// by what the processor has: scalar < avx2 < avx512. PLANWERK_LEVEL and --level can only lower the choice, the build tag
// noasm leaves all assembly out, and other architectures run the definitions. kernels.go lists the operations and their
// variants; the suite in kerneltest holds every variant to its definition.
//
// Assembly does not check bounds: where an operation demands that columns, codes or parts lie within a slice, the caller
// has checked it when the structure was built.
package kernels
