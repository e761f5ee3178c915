package iotable

import (
	"bytes"
	"compress/gzip"
	"math"
	"strings"
	"testing"
	"testing/fstest"
)

func files(list map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range list {
		data := []byte(text)
		if strings.HasSuffix(name, ".gz") {
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			w.Write(data)
			w.Close()
			data = b.Bytes()
		}
		out[name] = &fstest.MapFile{Data: data}
	}
	return out
}

const denseZ = "code,a,\"b, or not\",c\r\na,1,2,0\r\n\"b, or not\",3,4,-1\r\nc,0,0,5\r\n"

// vectorsV has other order, a line too many, quotes, an empty cell and stocks that fall.
const vectorsV = "id,name,x,l,y1,y2\nc,\"C \"\"x\"\"\",0,7,1,1\nz,,1,1,1,1\na,A,10,20,5,\n\"b, or not\",B,20,30,-6,1\n"

func TestDenseTable(t *testing.T) {
	s := Source{FS: files(map[string]string{"Z.csv.gz": denseZ, "V.csv": vectorsV}), Flows: "Z.csv.gz", Vectors: "V.csv", ID: "id", Output: "x", Labour: "l", Demand: []string{"y1", "y2"}}
	table, inputs, err := Read(s)
	if err != nil {
		t.Fatal(err)
	}
	if table.N() != 3 || table.Code(1) != "b, or not" || table.Labour[0] != 2 || table.Labour[1] != 1.5 || table.Labour[2] != 0 ||
		table.Demand[0] != 5 || table.Demand[1] != -5 || table.Demand[2] != 2 || table.Price[1] != 20 {
		t.Errorf("table %+v", table)
	}
	for _, c := range []struct {
		i, j int
		want float64
	}{{0, 0, .1}, {0, 1, .1}, {1, 0, .3}, {1, 1, .2}, {1, 2, 0}, {2, 2, 0}} {
		if got := at(table.A, c.i, c.j); math.Abs(got-c.want) > 1e-16 {
			t.Errorf("A[%d][%d] = %v, want %v", c.i, c.j, got, c.want)
		}
	}
	if len(inputs) != 2 || inputs[0].Path != "V.csv" || inputs[0].Rows != 4 || inputs[1].Rows != 3 {
		t.Errorf("inputs %+v", inputs)
	}
	all := strings.Join(table.Notices, "\n")
	for _, part := range []string{"1 lines whose codes", "1 empty cells in column y2", "negative final demand", "no output"} {
		if !strings.Contains(all, part) {
			t.Errorf("no notice with %q in %q", part, all)
		}
	}
}

func TestTriplets(t *testing.T) {
	fsys := files(map[string]string{"n.csv": "row,col,Z\n2,0,.5\n0,1,2.5e-1\n0,1,1E-2\n", "c.csv": "Row,Column,value\nb,a,3\na,b,-0.5\n",
		"v.csv": "id,l\na,1\nb,2\n", "m.csv": "i,l\n0,1\n1,2\n2,3\n3,4\n"})
	table, _, err := Read(Source{FS: fsys, Flows: "n.csv", Coefficients: true})
	if err != nil || table.N() != 3 || at(table.A, 2, 0) != .5 || at(table.A, 0, 1) != .26 || table.Code(2) != "2" {
		t.Errorf("numbers: %+v %v", table, err)
	}
	if all := strings.Join(table.Notices, "\n"); !strings.Contains(all, "n.csv: 1 entries are at a place that an earlier line gives too: they are added up (the first in row 0, column 1)") {
		t.Errorf("notices of a place given twice: %q", all)
	}
	table, _, err = Read(Source{FS: fsys, Flows: "n.csv", Coefficients: true, Vectors: "m.csv", Labour: "l", LabourPerUnit: true})
	if err != nil || table.N() != 4 || table.Labour[3] != 4 {
		t.Errorf("numbers with vectors: %+v %v", table, err)
	}
	table, _, err = Read(Source{FS: fsys, Flows: "c.csv", Coefficients: true, Vectors: "v.csv", Labour: "l", LabourPerUnit: true})
	if err != nil || table.N() != 2 || at(table.A, 1, 0) != 3 || table.Labour[1] != 2 || !strings.Contains(strings.Join(table.Notices, ""), "1 negative coefficients") {
		t.Errorf("codes: %+v %v", table, err)
	}
}

// TestNoCoefficients: products that are listed, and a table that holds nothing of them.
func TestNoCoefficients(t *testing.T) {
	fsys := files(map[string]string{"n.csv": "row,col,Z\n", "v.csv": "id,l\na,1\nb,2\n"})
	table, _, err := Read(Source{FS: fsys, Flows: "n.csv", Coefficients: true, Vectors: "v.csv", Labour: "l", LabourPerUnit: true})
	if err != nil || table.N() != 2 || !strings.Contains(strings.Join(table.Notices, "\n"), "n.csv: there is no entry but zeros") {
		t.Errorf("%+v, %v", table, err)
	}
	if _, _, err := Read(Source{Flows: t.TempDir(), Coefficients: true}); err == nil || !strings.Contains(err.Error(), "is a directory; name a file") {
		t.Errorf("a directory: %v", err)
	}
}

// TestDamagedGzip: compressed files that are cut off or changed are told as such.
func TestDamagedGzip(t *testing.T) {
	whole := files(map[string]string{"Z.csv.gz": "row,col,v\n" + strings.Repeat("0,1,.25\n1,0,.5\n2,3,.125\n", 5000)})["Z.csv.gz"].Data
	for _, c := range []struct {
		data []byte
		want string
	}{{whole[:len(whole)/2], "cut off"}, {whole[:len(whole)-3], "cut off"}, {append(append([]byte{}, whole[:len(whole)-8]...), make([]byte, 8)...), "damaged"}} {
		_, _, err := Read(Source{FS: fstest.MapFS{"Z.csv.gz": {Data: c.data}}, Flows: "Z.csv.gz", Coefficients: true})
		if err == nil || !strings.Contains(err.Error(), "Z.csv.gz, line ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error is %v, want %s", err, c.want)
		}
	}
}

func TestErrorsNameThePlace(t *testing.T) {
	for _, c := range []struct{ name, z, v, want string }{
		{"not a number", "code,a\na,x1\n", "id,x\na,1\n", `Z.csv, line 2: column a: "x1" is not a number`},
		{"infinite", "code,a\na,Inf\n", "id,x\na,1\n", `"Inf" is not a number`},
		{"too large", "code,a\na,1e999\n", "id,x\na,1\n", `1e999 is too large`},
		{"beyond computing", "code,a\na,1e101\n", "id,x\na,1\n", `Z.csv, line 2: column a: 1e101 is too large; up to 1e+100`},
		{"a large vector", "code,a\na,1\n", "id,x\na,1e308\n", `V.csv, line 2: column x: 1e308 is too large`},
		{"a large coefficient", "code,a\na,1e50\n", "id,x\na,1e-50\n", `the coefficient of a in a is 1e+100; up to 1e+60`},
		{"an empty triplet", "row,col,v\na,a,\n", "id,x\na,1\n", `Z.csv, line 2: column value: empty`},
		{"hexadecimal", "code,a\na,0x10\n", "id,x\na,1\n", `"0x10" is not a number`},
		{"short line", "code,a,b\na,1,2\nb,1\n", "id,x\na,1\nb,1\n", "Z.csv, line 3: 2 fields, but the header has 3"},
		{"code twice", "code,a,a\na,1,2\n", "id,x\na,1\n", `code "a" heads two columns`},
		{"row twice", "code,a,b\na,1,2\na,1,2\n", "id,x\na,1\nb,1\n", `Z.csv, line 3: code "a" names two rows`},
		{"not square", "code,a,b\na,1,2\n", "id,x\na,1\nb,1\n", "1 rows and 2 columns"},
		{"other codes", "code,a,b\na,1,2\nc,1,1\n", "id,x\na,1\nb,1\n", `code "b" is missing`},
		{"no line", "code,a\na,1\n", "id,x\nb,1\n", `V.csv: a product of Z.csv has no line: code "a" is missing`},
		{"no column", "code,a\na,1\n", "id,y\na,1\n", `V.csv: there is no column "x"; there are id, y`},
		{"bad cell", "code,a\na,1\n", "id,x\na,1\nb,?\n", `V.csv, line 3: column x: "?" is not a number`},
		{"vector twice", "code,a\na,1\n", "id,x\na,1\na,1\n", `V.csv, line 3: column id: code "a" names two lines`},
		{"negative output", "code,a\na,1\n", "id,x\na,-1\n", "the output of a is -1"},
		{"open quote", "code,\"a\na,1\n", "id,x\na,1\n", "Z.csv, line 1: a quote is not closed"},
		{"empty", "", "id,x\na,1\n", "Z.csv: the file is empty"},
		{"no products", "row,col,v\n", "", "Z.csv: no products"},
		{"no products in either", "row,col,v\n", "id,x\n", "Z.csv: no products"},
		{"no such product", "row,col,v\na,q,1\n", "id,x\na,1\n", `Z.csv, line 2: column col: "q" is no product: V.csv has no line for it`},
		{"far number", "row,col,v\n0,2000000000,1\n", "", "2000000000 among only 1 entries"},
	} {
		s := Source{FS: files(map[string]string{"Z.csv": c.z, "V.csv": c.v}), Flows: "Z.csv", Vectors: "V.csv", Output: "x"}
		if c.v == "" {
			s = Source{FS: s.FS, Flows: "Z.csv", Coefficients: true}
		}
		if _, _, err := Read(s); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error is %v, want %s", c.name, err, c.want)
		}
	}
}

func TestSourceCheck(t *testing.T) {
	for _, s := range []Source{{}, {Flows: "a", Use: "b", Make: "c"}, {Use: "b"}, {Use: "a", Make: "b", Coefficients: true}, {Flows: "a"},
		{Flows: "a", Coefficients: true, Labour: "l"}, {Flows: "a", Coefficients: true, Vectors: "v", Labour: "l"}, {Flows: "a", Vectors: "v", Output: "x", IndustryOutput: "g"}} {
		if err := s.Check(); err == nil {
			t.Errorf("%+v: no error", s)
		}
	}
}

// FuzzNumber: the short way gives the bits of the long one.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"0", "-0", "1.5", "9007199254740993", "1e22", "1e-22", "123456789012345678", ".5", "5.", "1e", "+3", "--1", "1_0", "e5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if s == "" {
			return
		}
		short, ok := shortNumber([]byte(s))
		long, err := parseFloat([]byte(s))
		if ok && (err != nil || math.Float64bits(short) != math.Float64bits(long)) {
			t.Errorf("%q: %v, strconv %v %v", s, short, long, err)
		}
	})
}

// FuzzRead: foreign bytes give a table or an error.
func FuzzRead(f *testing.F) {
	f.Add([]byte(denseZ), []byte(vectorsV))
	f.Add([]byte("row,col,v\n0,1,2\n"), []byte("id,x\n0,1\n1,3\n"))
	f.Add([]byte("\x1f\x8b\x08"), []byte("id,x\n"))
	f.Fuzz(func(t *testing.T, z, v []byte) {
		s := Source{FS: fstest.MapFS{"z": {Data: z}, "v": {Data: v}}, Flows: "z", Vectors: "v", Output: "x", Demand: []string{"x"}}
		if table, _, err := Read(s); err == nil && table.Check() != nil {
			t.Error("a table that is none")
		}
		Read(Source{FS: s.FS, Flows: "z", Coefficients: true})
		Read(Source{FS: s.FS, Use: "z", Make: "v"})
	})
}
