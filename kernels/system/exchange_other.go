//go:build !linux

package system

import "errors"

// Exchange is Linux's.
func Exchange(string, string) error { return errors.ErrUnsupported }
