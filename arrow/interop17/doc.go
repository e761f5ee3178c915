// Package interop17 tests that files and streams written with github.com/apache/arrow/go/v17, the last release of the
// line that arrow-go continues, are read by planwerk/arrow, and that planwerk's files are read by v17. It is a module of
// its own, so that the old library stays out of the program.
package interop17
