package lp_test

import (
	"context"
	"fmt"
	"strings"

	"planwerk/engine/lp"
)

// The least labour for 100 loaves: 60 of them from the good oven, the others from the bad one.
func ExampleSolve() {
	const bread = `NAME          BREAD
ROWS
 N  LABOUR
 G  LOAVES
COLUMNS
    GOOD      LABOUR    1.0        LOAVES    1.0
    BAD       LABOUR    2.0        LOAVES    1.0
RHS
    RHS       LOAVES    100.0
BOUNDS
 UP BND       GOOD      60.0
ENDATA
`
	p, err := lp.ReadMPS(strings.NewReader(bread), "bread.mps")
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := lp.Solve(context.Background(), p, lp.Settings{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v: %.3f minutes, a loaf is worth %.3f\n", s.Status, s.Certificate.Objective, s.Y[0])
	// Output: optimal: 140.000 minutes, a loaf is worth 2.000
}
