package iotable

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

func inUTF16(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// TestStrangeFiles: files in other dialects and codes that no result could hold are errors that say what to do.
func TestStrangeFiles(t *testing.T) {
	long := strings.Repeat("k", 5000)
	const z, v = "code,a\na,1\n", "id,x\na,4\n"
	for _, c := range []struct{ name, z, v, want string }{
		{"UTF-16", inUTF16(z), v, "Z.csv: it is UTF-16 text; want CSV in UTF-8"},
		{"UTF-16 vectors", z, inUTF16(v), "V.csv: it is UTF-16 text"},
		{"a workbook", "PK\x03\x04xxxx", v, "Z.csv: it is a ZIP archive or a workbook"},
		{"zstd", z, "\x28\xb5\x2f\xfdxx", "V.csv: it is compressed with zstd"},
		{"semicolons", "code;a\na;1\n", v, "Z.csv, line 1: fields are separated by ';'"},
		{"tabs", z, "id\tx\na\t4\n", `V.csv, line 1: fields are separated by '\t'`},
		{"carriage returns", "code,a\ra,1\r", v, "Z.csv, line 1: lines end with a carriage return alone"},
		{"Latin-1", "code,\xe4\n\xe4,1\n", v, "Z.csv, line 1: column 2 of the header has the code \"\\xe4\", which is not UTF-8; save the file as UTF-8"},
		{"Latin-1 vectors", z, v + "\xe4,1\n", "V.csv, line 3: column id has the code"},
		{"no code in vectors", z, v + ",1\n", "V.csv, line 3: column id has no code"},
		{"no code in rows", "code,a\n,1\n", v, "Z.csv, line 2: the first column has no code"},
		{"a control character", "code,a\x00\na,1\n", v, "with a control character"},
		{"a long code", "code," + long + "\n", v, "a code of 5000 bytes; up to 4096"},
		{"one column more", "code,a,b\na,1,2\n", v, `1 rows and 2 columns; a table of flows is square (code "b" is in the columns only)`},
		{"a total", "code,a\na,1\ntotal,1\n", v, `code "total" is in the rows only`},
	} {
		_, _, err := Read(Source{FS: files(map[string]string{"Z.csv": c.z, "V.csv": c.v}), Flows: "Z.csv", Vectors: "V.csv", Output: "x"})
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error is %v, want %s", c.name, err, c.want)
		}
	}
	if table, _, err := Read(Source{FS: files(map[string]string{"Z.csv": "row,cola\ncola,1\n", "V.csv": "id,x\ncola,4\n"}), Flows: "Z.csv", Vectors: "V.csv", Output: "x"}); err != nil || table.N() != 1 {
		t.Errorf("a product called cola: %v", err)
	}
}

// notices reads a table and looks for what it must say.
func notices(t *testing.T, name string, s Source, wants ...string) {
	t.Helper()
	table, _, err := Read(s)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, want := range wants {
		if !slices.ContainsFunc(table.Notices, func(n string) bool { return strings.Contains(n, want) }) {
			t.Errorf("%s: notices %q, want %q", name, table.Notices, want)
		}
	}
	if len(wants) != len(table.Notices) {
		t.Errorf("%s: notices %q", name, table.Notices)
	}
}

// TestSurprisingReadings: what a reader might not expect of the way a table is taken is said.
func TestSurprisingReadings(t *testing.T) {
	flows := Source{FS: files(map[string]string{"Z.csv": "code,a,b\na,1,\nb,3,0\n", "V.csv": "id,x,l\na,10,2\nb,0,4\n"}), Flows: "Z.csv", Vectors: "V.csv", Output: "x", Labour: "l"}
	notices(t, "idle labour", flows, "Z.csv: 1 empty cells are taken as 0", "1 products have no output", "V.csv: 1 products have labour and no output: their labour is left out (the first, b: 4)")

	const use, made, vectors = "c,i,k\na,1,2\nb,3,4\n", "i,a,b\ni,10,1\nk,0,20\n", "id,x,g,l\na,10,0,0\nb,21,0,0\ni,0,11,2\nk,0,20,6\n"
	source := func(u, m, v string) Source {
		return Source{FS: files(map[string]string{"U.csv": u, "M.csv": m, "V.csv": v}), Use: "U.csv", Make: "M.csv", Vectors: "V.csv", Output: "x", IndustryOutput: "g", Labour: "l"}
	}
	notices(t, "as it should be", source(use, made, vectors))
	notices(t, "another output", source(use, made, strings.Replace(vectors, "b,21", "b,42", 1)), "1 products have another output in column x of V.csv than M.csv adds up to (the first, b: 42, not 21)")
	notices(t, "another output of an industry", source(use, made, strings.Replace(vectors, "k,0,20", "k,0,19", 1)), "1 industries have another output in column g of V.csv than M.csv adds up to (the first, k: 19, not 20)")
	notices(t, "negative labour", source(use, made, strings.Replace(vectors, "i,0,11,2", "i,0,11,-2", 1)), "1 industries have negative labour (the first, i: -2)")
	notices(t, "negative make", source(use, strings.Replace(strings.Replace(made, "10,1", "10,-1", 1), "0,20", "2,22", 1), "id,x,g,l\na,12,0,0\nb,21,0,0\ni,0,9,2\nk,0,24,6\n"), "M.csv: 1 entries are negative and kept as they are (the first, industry i, b: -1)")
	for _, c := range []struct{ name, u, m, want string }{
		{"industry missing", use, "i,a,b\ni,10,1\n", `M.csv: 1 codes of industry, but 2 in U.csv (code "k" is in U.csv only)`},
		{"commodity more", use, "i,a,b,c\ni,10,1,1\nk,0,20,1\n", `code "c" is in M.csv only`},
		{"codes in triplets", "row,col,v\na,i,1\n", made, "give dense tables for codes"},
		{"output below zero", use, strings.Replace(made, "10,1", "10,-11", 1), "M.csv and V.csv: the output of b is"},
	} {
		s := source(c.u, c.m, vectors)
		if c.name == "output below zero" {
			s.FS = files(map[string]string{"U.csv": c.u, "M.csv": c.m, "V.csv": strings.Replace(vectors, "b,21", "b,-1", 1)})
		}
		if _, _, err := Read(s); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// TestTripletsOfUseAndMake: tables whose last product or industry stands in one of them only fit together.
func TestTripletsOfUseAndMake(t *testing.T) {
	s := Source{FS: files(map[string]string{"U.csv": "row,col,v\n0,0,1\n1,1,2\n2,0,3\n", "M.csv": "row,col,v\n0,0,10\n1,1,20\n"}), Use: "U.csv", Make: "M.csv"}
	table, _, err := Read(s)
	if err != nil || table.N() != 3 || table.Output[2] != 0 {
		t.Fatalf("%v", err)
	}
	cols, vals := table.A.Row(2)
	if len(cols) != 1 || cols[0] != 0 || math.Abs(vals[0]-.3) > 1e-15 {
		t.Errorf("row 2: %v %v", cols, vals)
	}
}

func TestSourceCheckStray(t *testing.T) {
	for _, s := range []Source{{Use: "u", Make: "m", IndustryOutput: "g"}, {Flows: "z", Coefficients: true, ID: "code"},
		{Flows: "z", Coefficients: true, Vectors: "v", Demand: []string{"y", "y"}}, {Flows: "z", Coefficients: true, Vectors: "v", Demand: []string{"y", ""}}} {
		if err := s.Check(); err == nil {
			t.Errorf("%+v: no error", s)
		}
	}
}
