package arrow

import (
	"context"
	"encoding/hex"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
)

// textInterner numbers texts in order of their first use, and knows integers, as a ledger's domain does.
type textInterner struct {
	mu    sync.Mutex
	texts []string
	keys  map[string]int64
}

func (t *textInterner) InternAll(data []byte, offsets []int32, out []int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range out {
		text := string(data[offsets[i]:offsets[i+1]])
		if text == "" {
			out[i] = NullInt
		} else if n, e := parseInt([]byte(text)); e == nil && n >= 0 && (text == "0" || text[0] != '0') && text[0] != '-' {
			out[i] = n
		} else {
			if t.keys == nil {
				t.keys = map[string]int64{}
			}
			k, ok := t.keys[text]
			if !ok {
				k = -1 - int64(len(t.texts))
				t.texts = append(t.texts, text)
				t.keys[text] = k
			}
			out[i] = k
		}
	}
}

func (t *textInterner) InternBinary(data []byte, offsets []int32, out []int64) {
	text, ends := hexTexts(data, offsets, len(out))
	t.InternAll(text, ends, out)
}

// hexTexts are the first n of binary ids as texts.
func hexTexts(data []byte, offsets []int32, n int) (text []byte, ends []int32) {
	ends = []int32{0}
	for i := range n {
		text = hex.AppendEncode(text, data[offsets[i]:offsets[i+1]])
		ends = append(ends, int32(len(text)))
	}
	return text, ends
}

// everyKind are columns of every kind, all of them optional.
func everyKind(names *textInterner) []Column {
	return []Column{
		{Name: "id", Kind: KindID, Interner: names}, {Name: "value", Kind: KindValue, Optional: true}, {Name: "time", Kind: KindTime, Optional: true},
		{Name: "minutes", Kind: KindMinutes, Optional: true}, {Name: "flag", Kind: KindFlag, Optional: true}, {Name: "text", Kind: KindText, Optional: true},
		{Name: "wide", Kind: KindWide, Optional: true}, {Name: "float", Kind: KindFloat, Optional: true},
	}
}

func writeTestFile(t *testing.T, name string, data []byte) File {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	_, kind := splitExtension(name)
	return File{Path: path, Name: name, Kind: kind, Rows: -1, Bytes: int64(len(data))}
}

func readTestTable(t *testing.T, cols []Column, files ...File) (*TableData, error) {
	t.Helper()
	return ReadTable(context.Background(), &Table{Name: "things", Files: files, Columns: cols}, Options{Threads: 2, Budget: NewBudget(1 << 30)})
}

func textsOf(d *ColumnData) (out []string) {
	for i := 1; i < len(d.Text.Offsets); i++ {
		out = append(out, string(d.Text.Data[d.Text.Offsets[i-1]:d.Text.Offsets[i]]))
	}
	return out
}

const everyKindCSV = "id,value,time,minutes,flag,text,wide,float,extra\r\n" +
	"7,1.5,2026-01-31,60,true,plain,12,1.5,x\r\n" +
	"abc,-0.000001,2026-01-31T12:00:00.25+02:00,,false,\"quoted \"\"q\"\", and\nlines\",-99999999999999999999999999999999999999,-2e3,\r\n" +
	"\"7\",,1000001,0,1,,,,\n" +
	"\n" +
	"007,9223372036854.775807,1969-12-31T23:59:59.9999990Z,9223372036854775807,0,ü,0,0,y"

// TestReadCSV pins what every kind of cell becomes.
func TestReadCSV(t *testing.T) {
	names := &textInterner{}
	d, err := readTestTable(t, everyKind(names), writeTestFile(t, "things.csv", []byte(everyKindCSV)))
	if err != nil {
		t.Fatal(err)
	}
	checkEveryKind(t, d, names)
	if want := []string{"table things: unknown column ignored: extra"}; !reflect.DeepEqual(d.Notices, want) {
		t.Errorf("notices %q, want %q", d.Notices, want)
	}
}

func checkEveryKind(t *testing.T, d *TableData, names *textInterner) {
	t.Helper()
	const day = 1769817600_000000 // 2026-01-31
	want := []ColumnData{
		{Ints: []int64{7, -1, 7, -2}},
		{Ints: []int64{1500000, -1, NullInt, math.MaxInt64}},
		{Ints: []int64{day, day + 10*3600_000000 + 250000, 1000001, -1}},
		{Ints: []int64{60, NullInt, 0, math.MaxInt64}},
		{Flags: []uint8{1, 0, 1, 0}},
		{},
		{Wides: []Int128{Int128Of(12), decimalLimit.neg(), NullInt128, {}}},
		{},
	}
	want[6].Wides[1] = Int128{want[6].Wides[1].Hi, want[6].Wides[1].Lo + 1}
	for c := range want {
		if c == 5 || c == 7 {
			continue
		}
		if !reflect.DeepEqual(d.Cols[c], want[c]) {
			t.Errorf("column %d: %+v, want %+v", c, d.Cols[c], want[c])
		}
	}
	if got, want := textsOf(&d.Cols[5]), []string{"plain", "quoted \"q\", and\nlines", "", "ü"}; !reflect.DeepEqual(got, want) {
		t.Errorf("texts %q, want %q", got, want)
	}
	f := d.Cols[7].Floats
	if len(f) != 4 || f[0] != 1.5 || f[1] != -2000 || !math.IsNaN(f[2]) || f[3] != 0 || math.Signbit(f[3]) {
		t.Errorf("floats %v", f)
	}
	if want := []string{"abc", "007"}; !reflect.DeepEqual(names.texts, want) {
		t.Errorf("interned %q, want %q", names.texts, want)
	}
}

const everyKindJSON = `{"id":7,"value":1.5,"time":"2026-01-31","minutes":60,"flag":true,"text":"plain","wide":12,"float":1.5,"extra":{"a":[1,{"b":null}]}}
{"id":"abc","value":"-0.000001","time":"2026-01-31T12:00:00.25+02:00","flag":false,"text":"quoted \"q\", and\nlines","wide":"-99999999999999999999999999999999999999","float":-2e3}

 { "id" : "7" , "value" : null , "time" : 1000001 , "minutes" : 0 , "flag" : 1 , "text" : "" }
{"float":-0.0,"wide":0,"text":"\u00fc","flag":0,"minutes":9223372036854775807,"time":"1969-12-31T23:59:59.9999990Z","value":9223372036854.775807,"id":"007"}`

func TestReadJSON(t *testing.T) {
	names := &textInterner{}
	d, err := readTestTable(t, everyKind(names), writeTestFile(t, "things.jsonl", []byte(everyKindJSON)))
	if err != nil {
		t.Fatal(err)
	}
	checkEveryKind(t, d, names)
}

// TestReadErrors pins the messages of bad cells and rows.
func TestReadErrors(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"a.csv", "id,value\n1,2\n3,abc\n", `a.csv, table things, column value, row 2, line 3: "abc" is not a decimal number; write digits with a point and at most six places, without exponent`},
		{"a.csv", "id,value\n1,1e5\n", `a.csv, table things, column value, row 1, line 2: "1e5" is not a decimal number; write digits with a point and at most six places, without exponent`},
		{"a.csv", "id,value\n1,NaN\n", `a.csv, table things, column value, row 1, line 2: "NaN" is not a decimal number; write digits with a point and at most six places, without exponent`},
		{"a.csv", "id,value\n1,0.0000001\n", `a.csv, table things, column value, row 1, line 2: "0.0000001" has more than six places; round it to six places`},
		{"a.csv", "id,value\n1,9223372036854.775808\n", `a.csv, table things, column value, row 1, line 2: "9223372036854.775808" is out of range; at most ±9223372036854.775807 can be held`},
		{"a.csv", "id,minutes\n1,-9223372036854775808\n", `a.csv, table things, column minutes, row 1, line 2: "-9223372036854775808" is out of range; at most ±(2⁶³−1) of the smallest unit can be held`},
		{"a.csv", "id,minutes\n1,1.5\n", `a.csv, table things, column minutes, row 1, line 2: "1.5" is not an integer; write digits only`},
		{"a.csv", "id,time\n1,2026-02-29\n", `a.csv, table things, column time, row 1, line 2: "2026-02-29" is not a time; write 2026-01-31T12:00:00Z, 2026-01-31 or microseconds since 1970`},
		{"a.csv", "id,time\n1,2026-01-31T00:00:00.0000001Z\n", `a.csv, table things, column time, row 1, line 2: "2026-01-31T00:00:00.0000001Z" is finer than a microsecond; round times to microseconds`},
		{"a.csv", "id,flag\n1,yes\n", `a.csv, table things, column flag, row 1, line 2: "yes" is not a flag; write true or false in lower case, or 1 or 0`},
		{"a.csv", "id,text\n1,\xff\n", `a.csv, table things, column text, row 1, line 2: "\xff" is not UTF-8; write texts in UTF-8`},
		{"a.csv", "id,float\n1,inf\n", `a.csv, table things, column float, row 1, line 2: "inf" is not a number; write it as 1.5 or 1.5e3`},
		{"a.csv", "id,wide\n1,100000000000000000000000000000000000000\n", `a.csv, table things, column wide, row 1, line 2: "100000000000000000000000000000000000000" has more than 38 digits; a decimal(38, 0) holds integers below 10³⁸`},
		{"a.csv", "value\n1\n", `a.csv, table things, column id: is missing; the table needs it`},
		{"a.csv", "id;value\n1;2\n", `a.csv, table things, column id: is missing; the header is one field, "id;value"; separate columns by commas`},
		{"a.csv", "value, Id\n1,2\n", `a.csv, table things, column id: is missing; the header has " Id"; write id, in lower case and without spaces`},
		{"a.csv", "id,id\n1,2\n", `a.csv, table things, column id: is in the header twice`},
		{"a.csv", "id,value\n1\n", `a.csv, table things, row 1, line 2: 1 fields, the header has 2`},
		{"a.csv", "id,text\n1,\"open\n", `a.csv, table things, line 2: a quoted field is not closed; close it with a quote`},
		{"a.csv", "id,text\n1,a\"b\n", `a.csv, table things, line 2: a quote inside a field that is not quoted; put the field in quotes and double those within`},
		{"a.csv", "", `a.csv, table things: no header line; the first line names the columns`},
		{"a.csv", "\xff\xfei\x00d\x00", `a.csv, table things: the text is in UTF-16; write it in UTF-8`},
		{"a.jsonl", `{"id":1}` + "\n" + `{"id":-1}`, `a.jsonl, table things, column id, row 2, line 2: -1 is negative; an id is an integer from 0 to 2⁶³−1 or a text`},
		{"a.jsonl", `{"id":1.0}`, `a.jsonl, table things, column id, row 1, line 1: "1.0" is no id; an id is an integer from 0 to 2⁶³−1 or a text`},
		{"a.jsonl", `{"id":1,"value":1e2}`, `a.jsonl, table things, column value, row 1, line 1: "1e2" is not a decimal number; write digits with a point and at most six places, without exponent`},
		{"a.jsonl", `{"id":1,"id":2}`, `a.jsonl, table things, column id, row 1, line 1: is in the object twice`},
		{"a.jsonl", `{"id":1,"x":2,"x":2}`, `a.jsonl, table things, column x, row 1, line 1: is in the object twice`},
		{"a.jsonl", `{"id":1,"x":01}`, `a.jsonl, table things, row 1, line 1: not JSON: a value is missing or no number; write one object per line, such as {"id":1}`},
		{"a.jsonl", `{"id":[1]}`, `a.jsonl, table things, column id, row 1, line 1: is nested; write one value`},
		{"a.jsonl", `{"id":1,"x":` + strings.Repeat("[", 100), `a.jsonl, table things, row 1, line 1: values nested deeper than 64 levels`},
		{"a.jsonl", `{"id":1,"value":true}`, `a.jsonl, table things, column value, row 1, line 1: true is a flag, which this column does not hold`},
		{"a.jsonl", `{"value":1}`, `a.jsonl, table things, column id: is missing; the table needs it`},
		{"a.parquet", "no", `a.parquet, table things: not a Parquet file, or cut off; write the file again`},
		{"a.arrow", "ARROW1..", `a.arrow, table things: not an Arrow file, or cut off; write the file again`},
	} {
		_, err := readTestTable(t, everyKind(&textInterner{}), writeTestFile(t, c.name, []byte(c.data)))
		if err == nil || err.Error() != c.want {
			t.Errorf("%q:\n got %v\nwant %s", c.data, err, c.want)
		}
	}
}
