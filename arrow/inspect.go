package arrow

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Inspection is what Inspect found in a file or directory.
type Inspection struct {
	Path    string
	Kind    string // parquet, arrow file, arrow stream, csv, jsonl or directory
	Bytes   int64
	SHA256  string // of the file, lower-case hex
	Rows    int64
	Parts   int // row groups or batches; 0 for texts
	Columns []InspectedColumn
	// Digest is over the cells, column by column: the same for the same columns in another compression, encoding or
	// row grouping, and between Parquet and Arrow IPC for the types they share. Texts have their own.
	Digest  string
	Files   []*Inspection // of a directory, by path
	Notices []string
}

// InspectedColumn is one column; of nested ones each leaf, its name with the path to it.
type InspectedColumn struct {
	Name   string
	Type   string
	Values int64 // cells, null ones included; of a leaf within lists more or fewer than rows
	Nulls  int64
	Min    string // empty when there is no value
	Max    string
}

// plausible bounds the cells that a file of a size may claim: run lengths and empty types claim any number in a few
// bytes, and every cell is looked at.
func plausible(bytes int64) int64 { return 1<<30 + 1000*bytes }

// Inspect reads all of a Parquet, Arrow IPC, CSV or newline JSON file, or of every such file in a directory. The format
// is told by content; as overrides it (ParseFileKind). A damaged file is an error of type *Error. Memory stays within
// the budget of the options, and no file, whatever its bytes, ends the process.
func Inspect(ctx context.Context, path, as string, opt Options) (*Inspection, error) {
	kind, err := ParseFileKind(as)
	if err != nil {
		return nil, err
	}
	if opt.Budget == nil {
		opt.Budget = NewBudget(0)
	}
	st, err := os.Stat(path)
	if err != nil {
		return nil, &Error{File: path, What: "cannot open", Err: baseError(err)}
	}
	if st.IsDir() {
		return inspectDirectory(ctx, path, kind, opt)
	}
	f := &File{Path: path, Name: path, Kind: kind}
	x, err := inspectFile(ctx, f, opt)
	return x, inFile(err, path, "")
}

// inspectFile reads one file whole.
func inspectFile(ctx context.Context, f *File, opt Options) (x *Inspection, err error) {
	defer catch(&err, "reading")
	if err := checkRegular(f.Path); err != nil {
		return nil, err
	}
	if st, err := os.Stat(f.Path); err == nil {
		f.Bytes = st.Size()
	}
	if !opt.NoVerify {
		if err := f.verify(ctx, make([]byte, 1<<20)); err != nil {
			return nil, err
		}
	}
	file, err := f.openSame()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	kind := f.Kind
	if kind == FileUnknown {
		if kind, err = sniff(file); err != nil {
			return nil, err
		}
	}
	in := &inspector{ctx: ctx, file: file, size: f.Bytes, opt: opt, cells: plausible(f.Bytes),
		out: &Inspection{Path: f.Name, Kind: kind.String(), Bytes: f.Bytes, SHA256: f.SHA256}}
	switch kind {
	case FileParquet:
		err = in.parquet()
	case FileIPC:
		err = in.ipc()
	case FileCSV:
		err = in.csv()
	case FileJSON:
		err = in.json()
	}
	if err != nil {
		return nil, err
	}
	in.finish()
	return in.out, nil
}

func checkRegular(path string) error {
	st, err := os.Stat(path)
	if err != nil {
		return cannotOpen(err)
	}
	if !st.Mode().IsRegular() {
		return cannotOpen(errNotRegular)
	}
	return nil
}

// inspector reads one file.
type inspector struct {
	ctx   context.Context
	file  *os.File
	size  int64
	opt   Options
	cells int64 // that the file may still claim
	block int   // bytes of a column hashed at a time
	out   *Inspection
	stats []*columnStats
}

// columnBytes is what the statistics of a column take beside the block to be hashed.
const columnBytes = 512

// expect prepares for n columns.
func (in *inspector) expect(n int) error {
	in.block = min(hashBlock, max(64, (64<<20)/max(1, n)))
	return in.opt.Budget.take(int64(n)*int64(in.block+columnBytes), "the columns")
}

// claim counts n cells.
func (in *inspector) claim(n int64) error {
	if n < 0 || n > in.cells {
		return &Error{What: fmt.Sprintf("claims more cells than a file of %s can hold", byteCount(in.size)), Hint: "write the file again, in larger pages if it is what it says"}
	}
	in.cells -= n
	return in.ctx.Err()
}

// column starts the statistics of a column.
func (in *inspector) column(name, typ string) *columnStats {
	s := &columnStats{name: name, typ: typ, hash: newSHA256(), block: in.block}
	in.stats = append(in.stats, s)
	return s
}

// finish turns the statistics into the result.
func (in *inspector) finish() {
	all := newSHA256()
	for _, s := range in.stats {
		in.out.Columns = append(in.out.Columns, s.inspected())
		writeCounted(all, []byte(s.name))
		all.Write(s.sum())
	}
	in.out.Digest = hex.EncodeToString(all.Sum(nil))
}

func writeCounted(h hash.Hash, text []byte) {
	fmt.Fprintf(h, "%d:", len(text))
	h.Write(text)
}

// inspectDirectory reads every file that it knows in a directory, and checks a manifest's sizes and digests.
func inspectDirectory(ctx context.Context, dir string, kind FileKind, opt Options) (*Inspection, error) {
	w := walk{root: dir}
	if err := w.dir("", 0); err != nil {
		return nil, err
	}
	listed, err := listedFiles(dir)
	if err != nil {
		return nil, inFile(err, ManifestFile, "")
	}
	d := &Directory{Path: dir}
	if listed != nil {
		hidden, err := d.checkListing(w.files, listed)
		if err != nil {
			return nil, err
		}
		w.files = append(w.files, hidden...)
	}
	out := &Inspection{Path: dir, Kind: "directory"}
	all := newSHA256()
	slices.SortFunc(w.files, func(a, b foundFile) int { return strings.Compare(a.name, b.name) })
	for _, found := range w.files {
		_, k := splitExtension(found.name)
		if kind != FileUnknown && k == FileUnknown {
			k = kind
		}
		if k == FileUnknown {
			if found.name != ManifestFile {
				out.Notices = append(out.Notices, quoteName(found.name)+" is no table, ignored")
			}
			continue
		}
		f := &File{Path: filepath.Join(dir, filepath.FromSlash(found.name)), Name: found.name}
		if l := listed[found.name]; l != nil {
			f.SHA256 = l.SHA256
		}
		x, err := inspectFile(ctx, f, opt)
		if err != nil {
			return nil, inFile(err, found.name, "")
		}
		if l := listed[found.name]; l != nil && l.Rows != x.Rows {
			return nil, &Error{File: found.name, What: fmt.Sprintf("%d rows, %s says %d", x.Rows, ManifestFile, l.Rows)}
		}
		out.Files = append(out.Files, x)
		out.Rows += x.Rows
		out.Bytes += x.Bytes
		writeCounted(all, []byte(found.name))
		writeCounted(all, []byte(x.Digest))
	}
	if len(out.Files) == 0 {
		return nil, &Error{File: dir, What: "holds no file of a known format", Hint: "known are .parquet, .arrow, .arrows, .feather, .csv and .jsonl"}
	}
	out.Digest = hex.EncodeToString(all.Sum(nil))
	return out, nil
}

// listedFiles reads the manifest of an export or of a result, nil when there is none.
func listedFiles(dir string) (map[string]*ExportFile, error) {
	f := File{Path: filepath.Join(dir, ManifestFile)}
	if _, err := os.Lstat(f.Path); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	file, err := f.openSame()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, manifestMaxSize+1))
	if err != nil {
		return nil, readError(err)
	}
	files, err := ParseExportManifest(data)
	if err != nil {
		m, rerr := ParseManifest(data)
		if rerr != nil {
			return nil, err
		}
		for _, o := range m.Outputs {
			files = append(files, ExportFile{Path: o.Path, Rows: o.Rows, Bytes: o.Bytes, SHA256: o.SHA256})
		}
	}
	listed := make(map[string]*ExportFile, len(files))
	for i := range files {
		listed[files[i].Path] = &files[i]
	}
	return listed, nil
}
