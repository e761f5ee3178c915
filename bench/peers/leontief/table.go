package main

import (
	"fmt"
	"os"
	"strings"

	"planwerk/bench"
)

// table is what README.md shows: a line for each size. Shares of cold are those of all that planwerk leontief computes.
func table(all []measured) *bench.Table {
	t := bench.NewTable("leontief", "go run ./bench/peers/leontief "+strings.Join(os.Args[1:], " "),
		"products", "nonzeros", "one side, s", "residual", "Eigen, s", "PETSc, s", "scipy, s", "of the best peer", "16 sides", "everything, s",
		"warm: demands", "warm: labour", "warm: coefficients", "peak")
	for k := range all {
		m := &all[k]
		peers := []float64{m.peer("eigen"), m.peer("petsc"), m.peer("scipy")}
		best := 0.0
		for _, v := range peers {
			if v > 0 && (best == 0 || v < best) {
				best = v
			}
		}
		cells := []string{fmt.Sprint(m.Products), fmt.Sprint(m.Nonzeros), inSeconds(m.wall(one)), fmt.Sprintf("%.1e", m.residual(one))}
		for _, v := range peers {
			cells = append(cells, inSeconds(v))
		}
		cells = append(cells, times(m.wall(one), best, "%.2f"), times(m.wall(sixteen), m.wall(one), "%.1f × one"), inSeconds(m.wall(coldWhole)))
		for _, change := range []string{demands, directLabour, coefficients} {
			cells = append(cells, times(100*m.wall(warmWhole+change), m.wall(coldWhole), "%.0f %%"))
		}
		t.Cells = append(t.Cells, append(cells, fmt.Sprintf("%.2f GiB", float64(m.MemoryKiB)/(1<<20))))
	}
	t.Raw = all
	return t
}

// inSeconds writes a time; nothing where none was measured.
func inSeconds(v float64) string {
	if v == 0 {
		return ""
	}
	return fmt.Sprintf("%.3g", v)
}

// times writes how often b goes into a; nothing where either was not measured.
func times(a, b float64, format string) string {
	if a == 0 || b == 0 {
		return ""
	}
	return fmt.Sprintf(format, a/b)
}

// peer is the best time of a program with any number of threads; 0 when it was not measured.
func (m *measured) peer(name string) (best float64) {
	for _, p := range m.Peers {
		if strings.HasPrefix(p.Peer, name) && (best == 0 || p.Wall < best) {
			best = p.Wall
		}
	}
	return best
}

// residual is the relative residual of a case.
func (m *measured) residual(name string) float64 {
	for _, c := range m.Cases {
		if c.Case == name {
			return c.Residual
		}
	}
	return 0
}
