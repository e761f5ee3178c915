// Package system holds the calls to the operating system that not every one has: mapped memory and files, locks on
// directories, processor time, free space. It is the one place for them, so that everything else is compiled everywhere.
// system_unix.go is for Linux, macOS and FreeBSD; system_other.go says for the others, Windows among them, what is done
// without. Errors are those of the system; errors.ErrUnsupported is what a system does not have.
package system

import "errors"

// ErrLocked is a directory that a living process holds.
var ErrLocked = errors.New("locked by another process")
