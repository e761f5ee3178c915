// Command planwerk computes the values, averages, tax rates, coupons and plans of a labour-time economy.
//
// This package is the command line alone: flags in, exit code out. main.go runs a command and turns its error into an
// exit code (errors.go), shell.go holds what all commands share, flags.go reads times, sizes and ratios, meter.go shows
// progress. Each subcommand is one file; a new one is a function in a file of its own and a line in root.go. What is
// computed lives in engine, what is read in ledgeradapter, what is written in arrow.
package main
