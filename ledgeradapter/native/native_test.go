package native

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"planwerk/arrow"
	"planwerk/engine/ledger"
)

// small is a ledger of a few tables, by file.
var small = map[string]string{
	"collectives.csv":   "collective,kind,name\n1,c2i,mill\n2,c2i,\nb,c2c,bakery\n",
	"trust.csv":         "a,b,since,until\n1,2,2026-01-01,\n2,b,2026-01-02T00:00:00Z,2027-01-01\n",
	"product_types.csv": "product_type,common\n10,false\n11,true\n",
	"productions.csv":   "production,time,collective,common,order\n5,1000,1,0,\n",
	"workloads.csv":     "workload,time,production,collective,wallet,minutes,common\n1,1000,5,1,w1,12.5,false\n2,1001,5,1,w2,0.000001,0\n",
	"revisions.csv":     "revision,after,until,subsystem,tax_numerator,tax_denominator\nr,0,1,1,-170141183460469231731687303715,340282366920938463463374607431\n",
	"citizens.csv":      "wallet,tier,category\nw1,1.5,adult\n",
	"write_offs.csv":    "write_off,time,collective,resource,reason\n1,5,1,9,\"broken, and lost\"\n",
	".hidden":           "x",
	"_SUCCESS":          "",
	"notes.txt":         "not a table",
}

func writeDir(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestLoad pins what a small export becomes.
func TestLoad(t *testing.T) {
	raw, in, err := Load(context.Background(), writeDir(t, small), Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := &raw.Tables[ledger.TWorkloads]
	wallets := raw.Domains[ledger.DomWallet]
	if w.Rows != 2 || !reflect.DeepEqual(w.Cols[5].Int, []int64{12_500_000, 1}) || wallets.Text(w.Cols[4].Keys.At(1)) != "w2" || !reflect.DeepEqual(w.Cols[6].Flag, []uint8{0, 0}) {
		t.Errorf("workloads %+v", w)
	}
	if got := raw.Tables[ledger.TRevisions].Cols[4].Wide[0].String(); got != "-170141183460469231731687303715" {
		t.Errorf("tax numerator %s", got)
	}
	trust := &raw.Tables[ledger.TTrust]
	if text := raw.Domains[ledger.DomCollective].Text(trust.Cols[1].Keys.At(1)); text != "b" || trust.Cols[3].Int[0] != ledger.NullInt {
		t.Errorf("trust %+v", trust)
	}
	if c := &raw.Tables[ledger.TCollectives]; c.Cols[3].Text.At(0) != "mill" || c.Cols[3].Text.At(1) != "" || !c.Cols[2].Absent {
		t.Errorf("collectives %+v", c)
	}
	if raw.Tables[ledger.TOutputs].Present || !w.Present {
		t.Error("presence of tables is wrong")
	}
	sum := sha256.Sum256([]byte(small["citizens.csv"]))
	last := in.Files[len(in.Files)-1]
	if want := (InputFile{Table: "citizens", Path: "citizens.csv", Rows: 1, Bytes: int64(len(small["citizens.csv"])), SHA256: hex.EncodeToString(sum[:])}); last != want {
		t.Errorf("inputs end with %+v, want %+v", last, want)
	}
	wantNotices := []string{
		"not in the export, taken as empty: elements, element_parts, mops, mop_transfers, collectivizations, consumptions, mop_allocations, outputs, transfers, dispatches, recoveries, coupon_claims, appropriations, orders, order_rejections, value_estimations",
		"no tables of the export, ignored: notes.txt",
	}
	if !reflect.DeepEqual(in.Notices, wantNotices) {
		t.Errorf("notices %q", in.Notices)
	}
}

// TestLoadOnly reads the tables asked for and no other.
func TestLoadOnly(t *testing.T) {
	files := map[string]string{"trust.csv": small["trust.csv"], "workloads.csv": "broken"}
	raw, in, err := Load(context.Background(), writeDir(t, files), Options{Only: []ledger.TableID{ledger.TTrust}, NoVerify: true})
	if err != nil || raw.Tables[ledger.TTrust].Rows != 2 || len(in.Files) != 1 || in.Files[0].SHA256 != "" {
		t.Errorf("%v %+v", err, in)
	}
}

// TestFolders reads part files, hive folders too, in the order of their paths.
func TestFolders(t *testing.T) {
	dir := writeDir(t, map[string]string{
		"trust/year=2026/part-1.csv": "a,b,since\n3,4,3\n",
		"trust/year=2026/part-0.csv": "a,b,since\n1,2,1\n2,3,2\n",
		"trust/year=2027/part-0.csv": "a,b,since,until\n5,6,4,9\n",
		"trust/year=2027/_SUCCESS":   "",
		"trust/.crc":                 "",
	})
	raw, in, err := Load(context.Background(), dir, Options{Threads: 3})
	if err != nil {
		t.Fatal(err)
	}
	tr := &raw.Tables[ledger.TTrust]
	if !reflect.DeepEqual(tr.Cols[2].Int, []int64{1, 2, 3, 4}) || !reflect.DeepEqual(tr.Cols[3].Int, []int64{ledger.NullInt, ledger.NullInt, ledger.NullInt, 9}) {
		t.Errorf("%+v", tr)
	}
	if len(in.Files) != 3 || in.Files[0].Rows != 2 || in.Files[0].Path != "trust/year=2026/part-0.csv" {
		t.Errorf("%+v", in.Files)
	}
}

// listing makes a manifest for files; change may spoil it.
func listing(files map[string]string, change func(m map[string]any, list []map[string]any)) string {
	var list []map[string]any
	for _, name := range []string{"trust.csv", "workloads.csv"} {
		sum := sha256.Sum256([]byte(files[name]))
		list = append(list, map[string]any{"path": name, "rows": strings.Count(files[name], "\n") - 1, "bytes": len(files[name]), "sha256": hex.EncodeToString(sum[:])})
	}
	m := map[string]any{"format": "ledger-export", "version": 1, "files": list}
	if change != nil {
		change(m, list)
	}
	data, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// TestManifest checks that a manifest is believed only when everything in it is so.
func TestManifest(t *testing.T) {
	type M = map[string]any
	for _, c := range []struct {
		name     string
		change   func(m M, list []M)
		spoil    func(dir string) error
		noVerify bool
		want     string // of the message; empty: read
	}{
		{name: "as it is"},
		{name: "rows", change: func(_ M, l []M) { l[0]["rows"] = 3 }, want: "trust.csv, table trust: 2 rows, the manifest says 3; make the export again"},
		{name: "bytes", change: func(_ M, l []M) { l[1]["bytes"] = 7 }, want: "workloads.csv: has 108 bytes, manifest.json says 7"},
		{name: "digest", change: func(_ M, l []M) { l[1]["sha256"] = strings.Repeat("0", 64) }, want: "workloads.csv: its SHA-256 is "},
		{name: "digest unverified", change: func(_ M, l []M) { l[1]["sha256"] = strings.Repeat("0", 64) }, noVerify: true},
		{name: "no digest", change: func(_ M, l []M) { l[1]["sha256"] = "abc" }, noVerify: true, want: "manifest.json: file workloads.csv"},
		{name: "dots", change: func(_ M, l []M) { l[0]["path"] = "../trust.csv" }, want: `manifest.json: path "../trust.csv" does not stay inside the directory`},
		{name: "dots within", change: func(_ M, l []M) { l[0]["path"] = "a/../trust.csv" }, want: "does not stay inside the directory"},
		{name: "absolute", change: func(_ M, l []M) { l[0]["path"] = "/etc/passwd" }, want: "does not stay inside the directory"},
		{name: "backslash", change: func(_ M, l []M) { l[0]["path"] = `..\trust.csv` }, want: "does not stay inside the directory"},
		{name: "twice", change: func(_ M, l []M) { l[0]["path"] = "workloads.csv" }, want: "listed twice"},
		{name: "version", change: func(m M, _ []M) { m["version"] = 2 }, want: `manifest.json: format "ledger-export" version 2`},
		{name: "gone", spoil: func(dir string) error { return os.Remove(filepath.Join(dir, "trust.csv")) }, want: "trust.csv: is listed in manifest.json and not there"},
		{name: "unlisted", spoil: func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "elements.csv"), []byte("element,value\n"), 0o666)
		}, noVerify: true,
			want: "elements.csv: is not listed in manifest.json; remove the file, or make the export again"},
		{name: "hidden", spoil: func(dir string) error { return os.WriteFile(filepath.Join(dir, ".x"), nil, 0o666) }},
		{name: "same size", spoil: func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "trust.csv"), []byte(strings.Replace(small["trust.csv"], "1,2", "1,3", 1)), 0o666)
		}, want: "trust.csv: its SHA-256 is "},
		{name: "link", spoil: func(dir string) error {
			at := filepath.Join(dir, "trust.csv")
			if err := os.Rename(at, filepath.Join(dir, ".trust")); err != nil {
				return err
			}
			return os.Symlink(".trust", at)
		}, want: "trust.csv: is a link, and listed in manifest.json"},
		{name: "no JSON", spoil: func(dir string) error { return os.WriteFile(filepath.Join(dir, "manifest.json"), []byte("{"), 0o666) }, want: "manifest.json: not a manifest"},
	} {
		files := map[string]string{"trust.csv": small["trust.csv"], "workloads.csv": small["workloads.csv"]}
		files["manifest.json"] = listing(files, c.change)
		dir := writeDir(t, files)
		if c.spoil != nil {
			if err := c.spoil(dir); err != nil {
				t.Fatal(err)
			}
		}
		_, _, err := Load(context.Background(), dir, Options{NoVerify: c.noVerify})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		var e *arrow.Error
		if err != nil && !errors.As(err, &e) {
			t.Errorf("%s: %T is not an *arrow.Error", c.name, err)
		}
	}
}

// TestLoadRefuses pins messages about the directory.
func TestLoadRefuses(t *testing.T) {
	for _, c := range []struct {
		files map[string]string
		want  string
	}{
		{map[string]string{"trust.csv": "a,b,since\n", "trust.jsonl": ""}, "the table is there twice"},
		{map[string]string{"trust.csv": "a,b,since\n", "trust/part-0.csv": "a,b,since\n"}, "the table is there twice"},
		{map[string]string{"trust/a.csv": "a,b,since\n", "trust/b.jsonl": ""}, "the folder mixes csv and jsonl"},
		{map[string]string{"trust.csv": "a,b\n1,2\n"}, "trust.csv, table trust, column since: is missing; the table needs it"},
		{map[string]string{"other.csv": "a\n"}, "holds no table of a ledger export"},
		{map[string]string{"trust.csv": "a,b,since\n1,2,x\n"}, `trust.csv, table trust, column since, row 1, line 2: "x" is not a time`},
	} {
		_, _, err := Load(context.Background(), writeDir(t, c.files), Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
	if _, _, err := Load(context.Background(), filepath.Join(t.TempDir(), "none"), Options{}); err == nil {
		t.Error("a directory that is not there was read")
	}
}

// TestLoadCancelled stops when asked to.
func TestLoadCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Load(ctx, writeDir(t, small), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestLoadMemory refuses a table that is larger than the limit, naming it.
func TestLoadMemory(t *testing.T) {
	var b strings.Builder
	b.WriteString("a,b,since\n")
	for i := range 100_000 {
		fmt.Fprintf(&b, "%d,%d,%d\n", i, i+1, i)
	}
	_, _, err := Load(context.Background(), writeDir(t, map[string]string{"trust.csv": b.String()}), Options{Memory: 1 << 20})
	if err == nil || !strings.Contains(err.Error(), "trust.csv, table trust: the table needs") || !strings.Contains(err.Error(), "--memory") {
		t.Errorf("%v", err)
	}
}
