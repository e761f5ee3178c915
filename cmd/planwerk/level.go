package main

import (
	"slices"
	"strings"

	"planwerk/kernels"
)

// levelNames are the values of --level. auto takes the best the machine has, or what PLANWERK_LEVEL lowers it to.
func levelNames() []string { return []string{"auto", "scalar", "avx2", "avx512", "cuda"} }

// setLevel chooses the kernels. A level this build or machine does not have is an error: nothing falls back in silence.
func setLevel(name string) error {
	if !slices.Contains(levelNames(), name) {
		return usagef("--level %s: give one of %s", name, strings.Join(levelNames(), ", "))
	}
	switch name {
	case "auto":
		if _, err := kernels.LevelInUse(); err != nil {
			return usagef("%w", err)
		}
		return nil
	case "cuda":
		return nil // needGPU looks for one; what it does not do runs at the best level of the processors
	}
	level, err := kernels.ParseLevel(name)
	if err != nil {
		return usagef("--level: %w", err)
	}
	kernels.SetLevel(level)
	return nil
}

// levelInUse names the level the kernels run at.
func levelInUse() string {
	level, _ := kernels.LevelInUse()
	return level.String()
}
