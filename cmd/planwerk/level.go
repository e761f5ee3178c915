package main

import (
	"slices"
	"strings"
)

// levelNames are the values of --level. auto takes the best the machine has.
func levelNames() []string { return []string{"auto", "scalar", "avx2", "avx512", "cuda"} }

// setLevel chooses the kernels. A level this build or machine does not have is an error: nothing falls back in silence.
func setLevel(name string) error {
	if !slices.Contains(levelNames(), name) {
		return usagef("--level %s: give one of %s", name, strings.Join(levelNames(), ", "))
	}
	switch name {
	case "auto", "scalar":
		return nil
	}
	return usagef("--level %s: this build has no such kernels; use auto", name)
}

// levelInUse names the level the kernels run at.
func levelInUse() string { return "scalar" }
