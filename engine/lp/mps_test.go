package lp_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"planwerk/engine/lp"
)

const allFeatures = `* a comment
NAME          FEATURES
OBJSENSE
    MAX
ROWS
 N  COST
 N  OTHER
 L  LIM1
 G  MYEQN2
 E  MYEQN
 E  EQNEG
COLUMNS
    X         COST         1.0   LIM1         1.0
    X         MYEQN2       1.0   OTHER        9.0
    M1        'MARKER'     'INTORG'
    Y         COST         2.0D0 LIM1         1.0
    Y         MYEQN       -1.0
    M2        'MARKER'     'INTEND'
    Z         COST        -1.0   MYEQN        1.0
    W         EQNEG        1.0
    V         EQNEG        2.0
    U         EQNEG        3.0
RHS
    RHS       COST        -12.5
    RHS       LIM1         4.0   MYEQN2       1.0
    RHS       MYEQN        7.0   EQNEG        5
RANGES
    RNG       LIM1         2.5   MYEQN2       3.0
    RNG       MYEQN        2.0   EQNEG       -2
BOUNDS
 UP BND       X            4.0
 LO BND       Y           -1.0
 UP BND       Y            1.0
 UP BND       Z           -3
 FR BND       W
 MI BND       V
 FX BND       U            2
ENDATA
`

func TestReadMPSUnderstandsEverySection(t *testing.T) {
	p, err := lp.ReadMPS(strings.NewReader(allFeatures), "features.mps")
	if err != nil {
		t.Fatal(err)
	}
	inf := math.Inf(1)
	same := func(what string, got, want []float64) {
		t.Helper()
		for i := range want {
			if len(got) != len(want) || got[i] != want[i] {
				t.Errorf("%s: %v, want %v", what, got, want)
				return
			}
		}
	}
	same("costs, negated", p.C, []float64{-1, -2, 1, 0, 0, 0})
	same("row lower", p.RowLower, []float64{1.5, 1, 7, 3})
	same("row upper", p.RowUpper, []float64{4, 4, 9, 5})
	same("column lower", p.ColLower, []float64{0, -1, -inf, -inf, -inf, 2})
	same("column upper", p.ColUpper, []float64{4, 1, -3, inf, inf, 2})
	if !p.Maximise || p.C0 != -12.5 || p.Relaxed != 1 || p.Name != "FEATURES" || p.A.NNZ() != 8 {
		t.Errorf("maximise %v, constant %v, %d integers, name %q, %d entries", p.Maximise, p.C0, p.Relaxed, p.Name, p.A.NNZ())
	}
	if p.RowNames[3] != "EQNEG" || p.ColNames[5] != "U" {
		t.Errorf("names %v, %v", p.RowNames, p.ColNames)
	}
}

func TestReadMPSFixedNamesWithSpaces(t *testing.T) {
	const text = `NAME          SPACES
ROWS
 N  THE COST
 G  ROW ONE
COLUMNS
    COL A     THE COST           1.5   ROW ONE            2.0
    COL B     THE COST           3.5   ROW ONE            1.0
RHS
              ROW ONE      4.0
BOUNDS
 UP           COL A        1.0
 MI           COL B
ENDATA
`
	p, err := lp.ReadMPS(strings.NewReader(text), "spaces.mps")
	if err != nil {
		t.Fatal(err)
	}
	if p.RowNames[0] != "ROW ONE" || p.ColNames[1] != "COL B" || p.RowLower[0] != 4 || p.ColUpper[0] != 1 || !math.IsInf(p.ColLower[1], -1) {
		t.Errorf("read %+v", p)
	}
}

func TestReadMPSErrorsNameTheLine(t *testing.T) {
	head := "NAME T\nROWS\n N C\n G R\nCOLUMNS\n X C 1 R 1\n"
	for text, want := range map[string]string{
		"":                                        "f.mps: the file is empty",
		head + "RHS\n B R 1\n":                    "f.mps:8: the file ends without ENDATA",
		head + " X Q 1\nENDATA\n":                 "f.mps:7: column X names the row Q",
		head + " Y R one\nENDATA\n":               "f.mps:7: column Y, row R: \"one\" is not a finite number",
		head + " Y R nan\nENDATA\n":               "f.mps:7",
		head + " X R 2\nENDATA\n":                 "column X has two entries in row R",
		head + " X C 2\nENDATA\n":                 "f.mps:7: column X has two costs",
		head + "RHS\n B Q 1\nENDATA\n":            "f.mps:8: the right-hand side names the row Q",
		head + "BOUNDS\n UP B Y 1\nENDATA\n":      "f.mps:8: a bound names the column Y",
		head + "BOUNDS\n SC B X 1\nENDATA\n":      "f.mps:8: bound type \"SC\"",
		head + "BOUNDS\n UP B X\nENDATA\n":        "f.mps:8",
		head + "QUADOBJ\n X X 1\nENDATA\n":        "f.mps:7: section QUADOBJ",
		"ROWS\n K R\nENDATA\n":                    "f.mps:2: row type \"K\"",
		"ROWS\n N C\n G R\n G R\nENDATA\n":        "f.mps:4: row R is there twice",
		"OBJSENSE\n UP\nENDATA\n":                 "f.mps:2: objective sense",
		" X C 1\nENDATA\n":                        "f.mps:1: data outside a section",
		head + "BOUNDS\n LO B X 1e30\nENDATA\n":   "the lower bound",
		head + "RHS\n A R 1\n A R 2\nENDATA\n":    "f.mps:9: row R has two right-hand sides",
		head + "RANGES\n A R 1\n A R 2\nENDATA\n": "f.mps:9: row R has two ranges",
		head + " Y R 1_0\nENDATA\n":               "f.mps:7: column Y, row R: \"1_0\" is not",
		strings.Repeat("\x00", 100_000):           "f.mps:1: section",
	} {
		_, err := lp.ReadMPS(strings.NewReader(text), "f.mps")
		if err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 500 {
			t.Errorf("error %v for %q, want %q in it", err, text, want)
		}
	}
}

// TestPackedBomb: a small file that unpacks without end is refused.
func TestPackedBomb(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for range 80 {
		if _, err := z.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := lp.ReadMPS(&b, "f.mps.gz"); err == nil || !strings.Contains(err.Error(), "f.mps.gz: unpacks to more than 100 times its size") {
		t.Error(err)
	}
}

func TestWriteMPSReadsBack(t *testing.T) {
	p, err := lp.ReadMPS(strings.NewReader(allFeatures), "features.mps")
	if err != nil {
		t.Fatal(err)
	}
	q := roundTrip(t, p)
	sameProblem(t, "features", p, q)
	p.RowNames, p.ColNames = nil, nil
	p.RowLower[0], p.RowUpper[0] = math.Inf(-1), math.Inf(1)
	q = roundTrip(t, p)
	if q.RowNames[0] != "R1" || q.ColNames[5] != "C6" {
		t.Errorf("names made up: %v, %v", q.RowNames, q.ColNames)
	}
	q.RowNames, q.ColNames = nil, nil
	sameProblem(t, "without names", p, q)
	p.RowLower[1], p.RowUpper[1] = 2, 1
	if err := lp.WriteMPS(&bytes.Buffer{}, p); err == nil {
		t.Error("a row with crossing bounds is written")
	}
}

func roundTrip(t *testing.T, p *lp.Problem) *lp.Problem {
	t.Helper()
	var b bytes.Buffer
	if err := lp.WriteMPS(&b, p); err != nil {
		t.Fatal(err)
	}
	q, err := lp.ReadMPS(bytes.NewReader(b.Bytes()), "written.mps")
	if err != nil {
		t.Fatalf("%v in\n%s", err, b.String())
	}
	return q
}

// sameProblem compares two programs; the far side of a range is allowed the rounding of its width.
func sameProblem(t *testing.T, name string, p, q *lp.Problem) {
	t.Helper()
	equal := func(a, b float64) bool { return a == b || math.Abs(a-b) <= 1e-15*(math.Abs(a)+math.Abs(b)) }
	if p.Rows() != q.Rows() || p.Cols() != q.Cols() || p.A.NNZ() != q.A.NNZ() || p.Maximise != q.Maximise || p.C0 != q.C0 {
		t.Fatalf("%s: %d × %d with %d entries, %d × %d with %d read back", name, p.Rows(), p.Cols(), p.A.NNZ(), q.Rows(), q.Cols(), q.A.NNZ())
	}
	for k := range p.A.Val {
		if p.A.Col[k] != q.A.Col[k] || p.A.Val[k] != q.A.Val[k] {
			t.Fatalf("%s: entry %d differs", name, k)
		}
	}
	for j := range p.C {
		if p.C[j] != q.C[j] || p.ColLower[j] != q.ColLower[j] || p.ColUpper[j] != q.ColUpper[j] {
			t.Errorf("%s: column %d differs", name, j)
		}
	}
	for i := range p.RowLower {
		lo, hi := p.RowLower[i], p.RowUpper[i]
		if !equal(lo, q.RowLower[i]) || (!equal(hi, q.RowUpper[i]) && math.Abs(hi-q.RowUpper[i]) > 1e-15*(math.Abs(lo)+math.Abs(hi))) {
			t.Errorf("%s: row %d is [%v, %v], read back [%v, %v]", name, i, lo, hi, q.RowLower[i], q.RowUpper[i])
		}
	}
	if p.RowNames != nil && strings.Join(p.RowNames, " ") != strings.Join(q.RowNames, " ") {
		t.Errorf("%s: row names differ", name)
	}
}

// optima are the known optimal values of the programs in testdata.
func optima(t testing.TB) map[string]float64 {
	f, err := os.Open("testdata/optimal.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, r := range rows[1:] {
		v, err := strconv.ParseFloat(r[4], 64)
		if err != nil {
			t.Fatal(err)
		}
		out[r[0]] = v
	}
	return out
}

func netlib(t testing.TB, name string) *lp.Problem {
	t.Helper()
	p, err := lp.ReadMPSFile(filepath.Join("testdata", name+".mps.gz"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestNetlibFilesReadAndWrite(t *testing.T) {
	for name := range optima(t) {
		p := netlib(t, name)
		q := roundTrip(t, p)
		p.RowNames, p.ColNames, q.RowNames, q.ColNames = nil, nil, nil, nil
		sameProblem(t, name, p, q)
	}
}

func FuzzReadMPS(f *testing.F) {
	f.Add([]byte(allFeatures))
	f.Add([]byte("ROWS\n N C\n L R\nCOLUMNS\n X R 1\nRHS\n R -1\nRANGES\n R 3\nBOUNDS\n BV X\nENDATA\n"))
	f.Add([]byte{0x1f, 0x8b, 8, 0})
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, _ = w.Write([]byte(allFeatures))
	_ = w.Close()
	f.Add(z.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		p, err := lp.ReadMPS(bytes.NewReader(data), "fuzz")
		if err != nil {
			return
		}
		if err := p.Validate(); err != nil {
			t.Fatalf("read without error, but: %v", err)
		}
		var b bytes.Buffer
		if lp.WriteMPS(&b, p) != nil {
			return // rows whose bounds cross
		}
		q, err := lp.ReadMPS(bytes.NewReader(b.Bytes()), "again")
		if err != nil {
			t.Fatalf("what was written does not read: %v\n%s", err, b.String())
		}
		if p.Rows() != q.Rows() || p.Cols() != q.Cols() || p.A.NNZ() != q.A.NNZ() {
			t.Fatalf("%d × %d, %d entries became %d × %d, %d", p.Rows(), p.Cols(), p.A.NNZ(), q.Rows(), q.Cols(), q.A.NNZ())
		}
	})
}
