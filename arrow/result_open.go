package arrow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Result is a result directory, opened for reading. Its files are foreign bytes: they are read serially, a file is
// hashed before it is decoded, and damage is an error.
type Result struct {
	Dir      string
	Manifest *Manifest
	AsIs     bool // read files though they may not be those of the manifest: to say where they were changed
}

// OpenResult reads the manifest of a result.
func OpenResult(dir string) (*Result, error) {
	m, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	return &Result{Dir: dir, Manifest: m}, nil
}

// Table finds a table of the result.
func (r *Result) Table(name string) (*TableSummary, bool) {
	i := slices.IndexFunc(r.Manifest.Tables, func(t TableSummary) bool { return t.Name == name })
	if i < 0 {
		return nil, false
	}
	return &r.Manifest.Tables[i], true
}

// Scan reads a table in order. visit gets the number of a batch's first row, the columns as they are stored (ids of a
// CSV file are texts, whatever the manifest says) and the batch, which is valid until it returns. The file's size and
// digest are compared with the manifest first.
func (r *Result) Scan(ctx context.Context, table string, visit func(first int64, columns []ResultColumn, b *ResultBatch) error) error {
	t, ok := r.Table(table)
	if !ok {
		return fmt.Errorf("%s: no table %s", r.Dir, table)
	}
	f, err := r.openVerified(ctx, r.file(table))
	if err != nil {
		return err
	}
	defer f.Close()
	return r.scan(ctx, f, t, visit)
}

// file is the output file of a table, which ParseManifest has found to be one.
func (r *Result) file(table string) *OutputFile {
	i := slices.IndexFunc(r.Manifest.Outputs, func(f OutputFile) bool { return f.Table == table })
	return &r.Manifest.Outputs[i]
}

// openVerified opens an output file once its size and digest are found to be those of the manifest. Links are refused.
func (r *Result) openVerified(ctx context.Context, o *OutputFile) (*os.File, error) {
	path := filepath.Join(r.Dir, filepath.FromSlash(o.Path))
	if st, err := os.Lstat(path); err != nil {
		return nil, err
	} else if !st.Mode().IsRegular() {
		return nil, &Error{File: path, What: "not a regular file"}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if err := verifyFile(ctx, f, o); err != nil && !r.AsIs {
		f.Close()
		return nil, inFile(err, path, o.Table)
	}
	return f, nil
}

func verifyFile(ctx context.Context, f *os.File, o *OutputFile) error {
	st, err := f.Stat()
	if err != nil {
		return err
	}
	if st.Size() != o.Bytes {
		return faultf("%d bytes, the manifest says %d", st.Size(), o.Bytes)
	}
	sum := newSHA256()
	if _, err := io.Copy(sum, io.NewSectionReader(contextReader{ctx, f}, 0, o.Bytes)); err != nil {
		return err
	}
	var h Hash
	sum.Sum(h[:0])
	if h.String() != o.SHA256 {
		return faultf("SHA-256 is %s, the manifest says %s", h, o.SHA256)
	}
	return nil
}

// contextReader reads until its context ends.
type contextReader struct {
	ctx context.Context
	r   io.ReaderAt
}

func (c contextReader) ReadAt(p []byte, off int64) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.ReadAt(p, off)
}

// scan reads an open table file.
func (r *Result) scan(ctx context.Context, f *os.File, t *TableSummary, visit func(int64, []ResultColumn, *ResultBatch) error) error {
	columns, err := t.columns()
	if err != nil {
		return err
	}
	rows, err := scanFile(ctx, f, columns, true, visit)
	if err == nil && rows != t.Rows {
		err = faultf("%d rows, the manifest says %d", rows, t.Rows)
	}
	return inFile(err, f.Name(), t.Name)
}

// resultReader gives the rows of a file in order.
type resultReader interface {
	// next reads up to fillRows rows, none after the last.
	next(b *ResultBatch) error
	close()
}

// scanFile reads a file of any of the three formats, told by its first bytes, and checks every cell. With exact the
// file has just these columns in this order, else it may have more. columns is changed to how the file stores ids.
func scanFile(ctx context.Context, f *os.File, columns []ResultColumn, exact bool,
	visit func(int64, []ResultColumn, *ResultBatch) error) (rows int64, err error) {
	defer catch(&err, "reading")
	reader, err := openTableFile(f, columns, exact)
	if err != nil {
		return 0, err
	}
	defer reader.close()
	var b ResultBatch
	for {
		if err := ctx.Err(); err != nil {
			return rows, err
		}
		if err := reader.next(&b); err != nil {
			return rows, err
		}
		if b.N == 0 {
			return rows, nil
		}
		if err := b.check("", columns, rows); err != nil {
			var c *CellError
			if errors.As(err, &c) {
				return rows, &Error{Column: c.Column, Row: c.Row + 1, What: c.Problem}
			}
			return rows, err
		}
		if err := visit(rows, columns, &b); err != nil {
			return rows, err
		}
		rows += int64(b.N)
	}
}

func openTableFile(f *os.File, columns []ResultColumn, exact bool) (resultReader, error) {
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, faultf("not a regular file")
	}
	kind, err := sniff(f)
	if err != nil {
		return nil, err
	}
	switch kind {
	case FileParquet:
		return openParquetTable(f, columns, exact)
	case FileIPC:
		return openIPCTable(f, columns, exact)
	case FileCSV:
		return openCSVTable(f, st.Size(), columns, exact)
	}
	return nil, faultf("a %v file is no table of a result", kind)
}

// matchColumns finds columns by name among those of a file. describe gives the storage a file's column has for c, an
// error when it cannot be c.
func matchColumns(columns []ResultColumn, names []string, exact bool, fits func(at int, c *ResultColumn) error) (index []int, err error) {
	if exact && !slices.EqualFunc(columns, names, func(c ResultColumn, n string) bool { return c.Name == n }) {
		return nil, faultf("the columns are %q, want %q", names, columnNames(columns))
	}
	index = make([]int, len(columns))
	for i := range columns {
		at := slices.Index(names, columns[i].Name)
		if at < 0 {
			return nil, &Error{Column: columns[i].Name, What: "missing"}
		}
		if err := fits(at, &columns[i]); err != nil {
			return nil, &Error{Column: columns[i].Name, Err: err}
		}
		index[i] = at
	}
	return index, nil
}

func columnNames(columns []ResultColumn) []string {
	names := make([]string, len(columns))
	for i := range columns {
		names[i] = columns[i].Name
	}
	return names
}

// groupMemory bounds what decoding one row group or record batch may allocate: ours hold 2¹⁸ rows.
const groupMemory = 2 << 30

// groupAllocator is Apache's allocator for one row group at a time: its Parquet reader leaves some buffers to the garbage
// collector, so what is counted is forgotten with each group.
type groupAllocator struct{ used atomic.Int64 }

func (a *groupAllocator) nextGroup() { a.used.Store(0) }

// Allocate panics with a *budgetError, which catch turns into an error, when the group takes too much.
func (a *groupAllocator) Allocate(n int) []byte {
	if used := a.used.Add(int64(n)); n < 0 || used > groupMemory {
		panic(&budgetError{need: used, limit: groupMemory, what: "a group of rows"})
	}
	return make([]byte, n)
}

// Reallocate returns size bytes that begin with those of b.
func (a *groupAllocator) Reallocate(size int, b []byte) []byte {
	if size <= cap(b) {
		return b[:size]
	}
	n := a.Allocate(size)
	copy(n, b)
	a.used.Add(-int64(cap(b)))
	return n
}

// Free forgets the bytes.
func (a *groupAllocator) Free(b []byte) { a.used.Add(-int64(cap(b))) }

// CheckResult compares a result directory's files with its manifest: sizes, digests, rows, table roots and the result
// root. It does not recompute the result.
func CheckResult(ctx context.Context, dir string) (*Manifest, error) {
	r, err := OpenResult(dir)
	if err != nil {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4)
	for i := range r.Manifest.Outputs {
		group.Go(func() error { return r.checkOutput(ctx, &r.Manifest.Outputs[i]) })
	}
	return r.Manifest, group.Wait()
}

func (r *Result) checkOutput(ctx context.Context, o *OutputFile) error {
	f, err := r.openVerified(ctx, o)
	if err != nil {
		return err
	}
	defer f.Close()
	if o.Table == "" {
		return nil
	}
	t, _ := r.Table(o.Table) // ParseManifest has seen to it
	root, err := r.rootOf(ctx, f, t)
	if err == nil && root.String() != t.Root {
		err = &Error{File: f.Name(), Table: t.Name, What: fmt.Sprintf("the rows give the root %s, the manifest says %s", root, t.Root)}
	}
	return err
}

// rootOf recomputes a table root from the rows of its file.
func (r *Result) rootOf(ctx context.Context, f *os.File, t *TableSummary) (Hash, error) {
	var tree MerkleTree
	var hasher *rowHasher
	err := r.scan(ctx, f, t, func(_ int64, columns []ResultColumn, b *ResultBatch) error {
		if hasher == nil {
			hasher = newRowHasher(columns, tree.Add)
		}
		hasher.add(b)
		return nil
	})
	if hasher != nil {
		hasher.finish()
	}
	return tree.Root(), err
}

// Debt is a subsystem's debt out of an earlier period (MODEL.md §6), in µmin.
type Debt struct {
	Subsystem string // canonical id of the collective it is named after
	DebtOut   Int128
}

// ReadDebts reads the debts out of an earlier result: path is a result directory, or the file of its table
// `revisions` in any format. Rows come in the file's order.
func ReadDebts(path string) ([]Debt, error) {
	ctx := context.Background()
	f, err := openDebts(ctx, path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	seen := map[string]bool{}
	columns := []ResultColumn{{Name: "subsystem", Type: ColID}, {Name: "debt_out", Type: ColDecimal6}}
	var debts []Debt
	_, err = scanFile(ctx, f, columns, false, func(first int64, columns []ResultColumn, b *ResultBatch) error {
		for i := range b.N {
			d := Debt{string(appendCell(nil, &columns[0], &b.Columns[0], i)), b.Columns[1].Wide[i]}
			if seen[d.Subsystem] {
				return &Error{Column: "subsystem", Row: first + int64(i) + 1, What: fmt.Sprintf("%s is there twice", quoteName(d.Subsystem)), Hint: "give the revisions of one result"}
			}
			seen[d.Subsystem] = true
			debts = append(debts, d)
		}
		return nil
	})
	return debts, inFile(err, f.Name(), "revisions")
}

func openDebts(ctx context.Context, path string) (*os.File, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !st.IsDir() {
		in := File{Path: path}
		return in.openSame() // which waits for no pipe
	}
	r, err := OpenResult(path)
	if err != nil {
		return nil, err
	}
	if _, ok := r.Table("revisions"); !ok {
		return nil, fmt.Errorf("%s: no table revisions: %w", path, fs.ErrNotExist)
	}
	return r.openVerified(ctx, r.file("revisions"))
}
