package kernels

import (
	"fmt"
	"os"
	"strings"
)

// Level is a set of vector instructions. Results do not depend on it.
type Level int8

const (
	Scalar Level = iota // the definitions in Go
	AVX2                // four float64 at a time
	AVX512              // eight; F, DQ, BW and VL
)

var levelNames = [...]string{"scalar", "avx2", "avx512"}

func (l Level) String() string { return levelNames[l] }

// LevelVariable names the environment variable that lowers the level of a process.
const LevelVariable = "PLANWERK_LEVEL"

// machine is the highest level that this processor, its operating system and this build have; level is the one in use.
// levelError is what is wrong with LevelVariable.
var (
	machine           = detect()
	level, levelError = atStart(os.Getenv(LevelVariable))
)

// atStart is the level for a value of LevelVariable. With one that is of no use the definitions run, which every build has.
func atStart(name string) (Level, error) {
	if name == "" || name == "auto" {
		return machine, nil
	}
	l, err := ParseLevel(name)
	if err != nil {
		return Scalar, fmt.Errorf("%s: %w", LevelVariable, err)
	}
	return l, nil
}

// ParseLevel finds a level by name. A name that is none, or of a level above the machine's, is an error.
func ParseLevel(name string) (Level, error) {
	for l, n := range levelNames {
		if n != name {
			continue
		}
		if Level(l) > machine {
			return Scalar, fmt.Errorf("level %s: this machine, or this build, has %s at most", name, machine)
		}
		return Level(l), nil
	}
	return Scalar, fmt.Errorf("level %q: give one of %s", name, strings.Join(levelNames[:], ", "))
}

// MachineLevel is the highest level this machine and build have.
func MachineLevel() Level { return machine }

// LevelInUse is the level at which the operations run, and what is wrong with LevelVariable, if anything.
func LevelInUse() (Level, error) { return level, levelError }

// SetLevel chooses the level of the whole process: before any operation runs, or in tests between them. It panics above
// the machine's level; ParseLevel gives none such.
func SetLevel(l Level) {
	if l < Scalar || l > machine {
		panic(fmt.Sprintf("kernels: level %d, and the machine has %s", l, machine))
	}
	level = l
}
