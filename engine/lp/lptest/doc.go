// Package lptest holds linear programs to test solvers on: small ones printed as algebra with primal, dual and value,
// one for every way in which solving can end, and a generator of planning programs of any size.
package lptest
