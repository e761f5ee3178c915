package iotable

import (
	"context"
	"os"
	"syscall"
	"testing"

	"planwerk/engine/leontief"
)

// BenchmarkFiles solves the economy of bench/peers/leontief to 1e-12: PLANWERK_PEER_TABLE and PLANWERK_PEER_VECTORS name
// its files, with the columns demand and labour.
func BenchmarkFiles(b *testing.B) {
	path := os.Getenv("PLANWERK_PEER_TABLE")
	if path == "" {
		b.Skip("PLANWERK_PEER_TABLE names no file")
	}
	table, _, err := Read(Source{Flows: path, Coefficients: true, Vectors: os.Getenv("PLANWERK_PEER_VECTORS"), Labour: "labour", LabourPerUnit: true, Demand: []string{"demand"}})
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range []leontief.Settings{{Method: leontief.BiCGSTAB}, {Method: leontief.GMRES}, {Method: leontief.Auto}} {
		s.Tolerance = 1e-12
		b.Run("method="+string(s.Method), func(b *testing.B) {
			begun := cpu()
			products := 0
			for b.Loop() {
				sol, err := leontief.Solve(context.Background(), table.A, table.Demand, s)
				if err != nil || !sol.Converged {
					b.Fatal("not solved", err)
				}
				products = sol.Products
			}
			b.ReportMetric((cpu()-begun)/float64(b.N), "cpu-s/op")
			b.ReportMetric(float64(products), "products")
		})
	}
}

func cpu() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}
