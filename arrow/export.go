package arrow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// ExportOptions says how a ledger export is written.
type ExportOptions struct {
	Format   string                                // parquet (the default), arrow, arrows, csv, csv.gz, csv.zst, jsonl, jsonl.gz or jsonl.zst
	Threads  int                                   // 0: one per processor
	PartRows int64                                 // a table's rows per file `<table>/part-<n>`; 0: all in one file `<table>`
	Force    bool                                  // replace an existing export
	Progress func(table string, done, total int64) // total −1: not known; by several goroutines when tables are

	fs fileSystem // of the machine when nil
}

// Export is a ledger export under construction (FORMAT.md): its directory appears at Commit, complete with a
// manifest, or not at all. Tables may be written at the same time from several goroutines.
type Export struct {
	opt   ExportOptions
	write WriteOptions
	dir   *pendingDir
	slots chan struct{} // one per chunk being encoded

	mu    sync.Mutex
	files []ExportFile
	names map[string]bool
	open  int   // tables begun and not finished
	err   error // of the first table that failed
}

// NewExport starts an export at dir, which must not exist, be empty, or, with Force, hold an export.
func NewExport(dir string, opt ExportOptions) (*Export, error) {
	if opt.Format == "" {
		opt.Format = "parquet"
	}
	if _, err := newExportFormat(opt.Format, "", nil); err != nil {
		return nil, err
	}
	if opt.PartRows < 0 {
		return nil, fmt.Errorf("parts of %d rows", opt.PartRows)
	}
	w := WriteOptions{Threads: opt.Threads, Progress: opt.Progress, fs: opt.fs, unhashed: true}
	d, err := beginDir(w.fileSystem(), dir, opt.Force, isExport)
	if err != nil {
		return nil, err
	}
	return &Export{opt: opt, write: w, dir: d, slots: make(chan struct{}, w.threads()), names: map[string]bool{}}, nil
}

// newExportFormat returns the encoder of a table of an export in a format by name.
func newExportFormat(format, table string, columns []ResultColumn) (tableFormat, error) {
	switch format {
	case "parquet":
		return newParquetFormat(columns, resultCreator)
	case "arrow", "arrows":
		return newIPCFormat(columns, format == "arrows"), nil
	}
	kind, pack, err := parseTextFormat(format)
	if err != nil {
		return nil, fmt.Errorf("export format %q; there are parquet, arrow, arrows, csv and jsonl, the last two also with .gz or .zst", format)
	}
	return newTextFormat(columns, kind, pack), nil
}

// claim refuses a table written twice.
func (e *Export) claim(table string, columns []ResultColumn) error {
	if err := checkPath(table); err != nil || strings.Contains(table, "/") || table+".json" == ManifestFile {
		return fmt.Errorf("%q is no name for a table", table)
	}
	if len(columns) == 0 {
		return fmt.Errorf("table %s: no columns", table)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.names[table] {
		return fmt.Errorf("table %s is written twice", table)
	}
	e.names[table] = true
	e.open++
	return nil
}

// release ends a table, well or not.
func (e *Export) release(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.open--
	if e.err == nil {
		e.err = err
	}
}

// partName is the file of a part.
func (e *Export) partName(table string, part int64) string {
	if e.opt.PartRows == 0 {
		return table + "." + e.opt.Format
	}
	return fmt.Sprintf("%s/part-%d.%s", table, part, e.opt.Format)
}

// create starts the file of a part.
func (e *Export) create(name string) (*hashedFile, error) {
	e.mu.Lock() // the list of folders is shared
	defer e.mu.Unlock()
	return e.dir.create(name)
}

// close syncs the file of a part and lists it.
func (e *Export) close(name string, rows int64, f *hashedFile) error {
	if err := f.finish(); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.files = append(e.files, ExportFile{Path: name, Rows: rows, Bytes: f.bytes, SHA256: f.digest().String()})
	return nil
}

// WriteTable writes a whole table whose rows can be asked for by number, filling and encoding them in parallel.
func (e *Export) WriteTable(ctx context.Context, t ResultTable) (err error) {
	if err := e.claim(t.Name, t.Columns); err != nil {
		return err
	}
	defer func() { e.release(err) }()
	step := e.opt.PartRows
	if step == 0 {
		step = max(t.Rows, 1)
	}
	for part := int64(0); part == 0 || part*step < t.Rows; part++ {
		from := part * step
		sub := ResultTable{Name: t.Name, Columns: t.Columns, Rows: min(step, t.Rows-from),
			Fill: func(a, b int64, batch *ResultBatch) error { return t.Fill(from+a, from+b, batch) }}
		opt := e.write
		if progress := e.opt.Progress; progress != nil {
			opt.Progress = func(table string, done, _ int64) { progress(table, from+done, t.Rows) }
		}
		if err := e.writePart(ctx, e.partName(t.Name, part), &sub, opt); err != nil {
			return err
		}
	}
	return nil
}

func (e *Export) writePart(ctx context.Context, name string, t *ResultTable, opt WriteOptions) error {
	format, err := newExportFormat(e.opt.Format, t.Name, t.Columns)
	if err != nil {
		return err
	}
	f, err := e.create(name)
	if err != nil {
		return err
	}
	if _, err := writeTable(ctx, f, t, format, opt); err != nil {
		f.file.Close()
		return err
	}
	return e.close(name, t.Rows, f)
}

// Commit writes the manifest and puts the export in its place. Every TableWriter must be closed, without an error.
func (e *Export) Commit() error {
	defer e.dir.abort()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.err != nil {
		return e.err
	}
	if e.open > 0 {
		return fmt.Errorf("%d tables of the export are not finished", e.open)
	}
	slices.SortFunc(e.files, func(a, b ExportFile) int { return strings.Compare(a.Path, b.Path) })
	data, err := EncodeExportManifest(e.files)
	if err != nil {
		return err
	}
	if _, err := e.dir.writeFile(ManifestFile, data); err != nil {
		return err
	}
	return e.dir.commit()
}

// Abort removes what was written; after Commit it does nothing.
func (e *Export) Abort() { e.dir.abort() }

// WriteExportManifest hashes files below dir, whose rows the caller knows, and writes the manifest of an export beside
// them. It serves directories made by other means than Export.
func WriteExportManifest(dir string, files []ExportFile) error {
	files = slices.Clone(files)
	for i := range files {
		f := &files[i]
		if err := checkPath(f.Path); err != nil {
			return err
		}
		sum, size, err := hashFile(filepath.Join(dir, filepath.FromSlash(f.Path)))
		if err != nil {
			return err
		}
		f.SHA256, f.Bytes = sum.String(), size
	}
	slices.SortFunc(files, func(a, b ExportFile) int { return strings.Compare(a.Path, b.Path) })
	data, err := EncodeExportManifest(files)
	if err != nil {
		return err
	}
	fsys := osFiles{}
	temp := filepath.Join(dir, "."+ManifestFile+"-"+randomSuffix())
	out, err := fsys.create(temp)
	if err != nil {
		return err
	}
	h := &hashedFile{file: out, path: temp, sum: newSHA256()}
	if _, err = h.Write(data); err == nil {
		err = h.finish()
	}
	if err == nil {
		err = fsys.rename(temp, filepath.Join(dir, ManifestFile))
	}
	if err != nil {
		return errors.Join(err, fsys.removeAll(temp))
	}
	return fsys.syncDir(dir)
}

// hashFile reads a file once.
func hashFile(path string) (h Hash, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return h, 0, err
	}
	defer f.Close()
	sum := newSHA256()
	if size, err = io.Copy(sum, f); err != nil {
		return h, size, fmt.Errorf("%s: %w", path, err)
	}
	sum.Sum(h[:0])
	return h, size, nil
}
