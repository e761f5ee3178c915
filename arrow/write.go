package arrow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"
)

// chunkRows is the number of rows encoded on their own: a row group of Parquet, a record batch of IPC. It is a
// multiple of digestBlock and, like every number that cuts rows, never depends on threads.
const chunkRows = 1 << 18

// fillRows is the number of rows asked for at a time: a batch of them stays in the second-level cache.
const fillRows = 8192

// tableFormat encodes one table into one file: chunks by any number of goroutines, joined by one in row order.
type tableFormat interface {
	newChunk() chunkEncoder
	begin(w io.Writer) error
	join(w io.Writer, c chunkEncoder) error
	end(w io.Writer) error
}

// chunkEncoder encodes consecutive rows. It is used again, after reset, once its chunk is joined.
type chunkEncoder interface {
	reset() error
	add(b *ResultBatch) error
	finish() error
}

// WriteOptions says how a result is written; nothing in it changes the result root.
type WriteOptions struct {
	Format   string // parquet (the default), arrow or csv
	Threads  int    // 0: one per processor
	Force    bool   // replace an existing result
	Progress func(table string, done, total int64)
	Extra    []ExtraFile // further files beside the tables

	fs       fileSystem // of the machine when nil
	unhashed bool       // exports have no row digests
}

func (o *WriteOptions) threads() int {
	if o.Threads > 0 {
		return o.Threads
	}
	return runtime.GOMAXPROCS(0)
}

func (o *WriteOptions) fileSystem() fileSystem {
	if o.fs != nil {
		return o.fs
	}
	return osFiles{}
}

// newResultFormat returns the encoder of a table of a result in a format by name.
func newResultFormat(format, table string, columns []ResultColumn) (tableFormat, error) {
	switch format {
	case "parquet":
		return newParquetFormat(columns, resultCreator)
	case "arrow":
		return newIPCFormat(columns, false), nil
	case "csv":
		return newTextFormat(columns, textCSV, compressNone), nil
	}
	return nil, fmt.Errorf("result format %q; there are parquet, arrow and csv", format)
}

// resultCreator is the fixed "created by" of Parquet files.
const resultCreator = "planwerk"

// WriteResult writes the directory of a result, complete or not at all, and returns its root in hex.
//
// params are the parameters that change results; they become a leaf of the root. man gives engine, model version,
// inputs and run; tables, outputs, parameters and root are filled in. summary, if not nil, is called with the root and
// marshalled to summary.json. An existing result is an ErrExists unless opt.Force; it then stays as it is until the new
// one is complete. After an error nothing is left behind.
func WriteResult(ctx context.Context, dir string, tables []ResultTable, params []Parameter, man Manifest,
	summary func(root string) any, opt WriteOptions) (root string, err error) {
	if opt.Format == "" {
		opt.Format = "parquet"
	}
	if err := prepareManifest(&man, tables, params, opt); err != nil {
		return "", err
	}
	d, err := beginDir(opt.fileSystem(), dir, opt.Force, isResult)
	if err != nil {
		return "", err
	}
	defer d.abort()
	sorted := slices.Clone(tables)
	slices.SortFunc(sorted, func(a, b ResultTable) int { return strings.Compare(a.Name, b.Name) })
	for i := range sorted {
		if err := writeResultTable(ctx, d, &sorted[i], &man, opt); err != nil {
			return "", err
		}
	}
	h, err := man.rootOfTables()
	if err != nil {
		return "", err
	}
	man.ResultRoot = h.String()
	if err := writeSummary(d, &man, summary); err != nil {
		return "", err
	}
	if err := writeExtra(d, &man, opt.Extra); err != nil {
		return "", err
	}
	if man.Run.Started != "" && man.Run.Finished == "" {
		man.Run.Finished = time.Now().UTC().Format(time.RFC3339)
	}
	data, err := man.Encode()
	if err != nil {
		return "", err
	}
	if _, err := d.writeFile(ManifestFile, data); err != nil {
		return "", err
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	return man.ResultRoot, d.commit()
}

// prepareManifest checks names and fills in what is known before the first row.
func prepareManifest(man *Manifest, tables []ResultTable, params []Parameter, opt WriteOptions) error {
	man.Format, man.Version = resultFormat, resultVersion
	man.Run.Threads, man.Run.Format = opt.threads(), opt.Format
	man.Tables, man.Outputs = []TableSummary{}, []OutputFile{}
	man.Parameters = slices.Clone(params)
	hasVersion := slices.ContainsFunc(params, func(p Parameter) bool { return p.Name == "model_version" })
	if !hasVersion && man.ModelVersion != "" {
		man.Parameters = append(man.Parameters, Parameter{Name: "model_version", Value: man.ModelVersion})
	}
	slices.SortFunc(man.Parameters, func(a, b Parameter) int { return strings.Compare(a.Name, b.Name) })
	if man.Inputs == nil {
		man.Inputs = []InputFile{}
	}
	for _, p := range man.Parameters {
		if !utf8.ValidString(p.Name) || !utf8.ValidString(p.Value) {
			return fmt.Errorf("parameter %q: not UTF-8", p.Name)
		}
	}
	for i := range tables {
		t := &tables[i]
		if err := checkPath(t.Name); err != nil || strings.Contains(t.Name, "/") || !utf8.ValidString(t.Name) {
			return fmt.Errorf("%q is no name for a table", t.Name)
		}
		if t.Rows < 0 {
			return fmt.Errorf("table %s: %d rows", t.Name, t.Rows)
		}
		if len(t.Columns) == 0 {
			return fmt.Errorf("table %s: no columns", t.Name)
		}
	}
	return nil
}

func writeResultTable(ctx context.Context, d *pendingDir, t *ResultTable, man *Manifest, opt WriteOptions) error {
	format, err := newResultFormat(opt.Format, t.Name, t.Columns)
	if err != nil {
		return err
	}
	name := t.Name + "." + opt.Format
	f, err := d.create(name)
	if err != nil {
		return err
	}
	root, err := writeTable(ctx, f, t, format, opt)
	if err != nil {
		f.file.Close()
		return err
	}
	if err := f.finish(); err != nil {
		return err
	}
	man.Tables = append(man.Tables, TableSummary{Name: t.Name, Rows: t.Rows, Root: root.String(), Columns: summarise(t.Columns)})
	man.Outputs = append(man.Outputs, OutputFile{Path: name, Table: t.Name, Rows: t.Rows, Bytes: f.bytes, SHA256: f.digest().String()})
	return man.checkNames()
}

func writeSummary(d *pendingDir, man *Manifest, summary func(root string) any) error {
	if summary == nil {
		return nil
	}
	data, err := encodeJSON(summary(man.ResultRoot))
	if err != nil {
		return fmt.Errorf("%s: %w", SummaryFile, err)
	}
	f, err := d.writeFile(SummaryFile, data)
	if err != nil {
		return err
	}
	man.Outputs = append(man.Outputs, OutputFile{Path: SummaryFile, Bytes: f.bytes, SHA256: f.digest().String()})
	return nil
}

// writeTable fills, hashes and encodes a table chunk by chunk, in parallel, and writes the chunks in order. It returns
// the table root.
func writeTable(ctx context.Context, w io.Writer, t *ResultTable, format tableFormat, opt WriteOptions) (Hash, error) {
	if err := format.begin(w); err != nil {
		return Hash{}, err
	}
	var tree MerkleTree
	chunks := (t.Rows + chunkRows - 1) / chunkRows
	group, gctx := errgroup.WithContext(ctx)
	turn := newTurns(gctx)
	for range min(int64(opt.threads()), chunks) {
		group.Go(func() error {
			c := newChunkWriter(t, format, !opt.unhashed)
			for {
				k, ok := turn.take(chunks)
				if !ok {
					return nil
				}
				from, to := k*chunkRows, min((k+1)*chunkRows, t.Rows)
				if err := c.encode(gctx, from, to); err != nil {
					return err
				}
				err := turn.in(k, func() error {
					for _, leaf := range c.leaves {
						tree.Add(leaf)
					}
					err := format.join(w, c.encoder)
					if err == nil && opt.Progress != nil {
						opt.Progress(t.Name, to, t.Rows)
					}
					return err
				})
				if err != nil {
					return err
				}
			}
		})
	}
	if err := errors.Join(group.Wait(), ctx.Err()); err != nil {
		return Hash{}, err
	}
	return tree.Root(), format.end(w)
}

// chunkWriter is what one goroutine needs to turn a range of rows into leaves and an encoded chunk.
type chunkWriter struct {
	table   *ResultTable
	encoder chunkEncoder
	batch   ResultBatch    // as handed to Fill, which may put in slices of its own
	own     []ResultVector // ours, to reset the batch with
	hasher  *rowHasher     // nil when rows are not hashed
	leaves  []Hash
}

func newChunkWriter(t *ResultTable, format tableFormat, hashed bool) *chunkWriter {
	c := &chunkWriter{table: t, encoder: format.newChunk(), own: make([]ResultVector, len(t.Columns))}
	if hashed {
		c.hasher = newRowHasher(t.Columns, func(h Hash) { c.leaves = append(c.leaves, h) })
	}
	return c
}

func (c *chunkWriter) encode(ctx context.Context, from, to int64) error {
	c.leaves = c.leaves[:0]
	if err := c.encoder.reset(); err != nil {
		return err
	}
	for at := from; at < to; at += fillRows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := c.fill(at, min(at+fillRows, to)); err != nil {
			return err
		}
		if c.hasher != nil {
			c.hasher.add(&c.batch)
		}
		if err := c.encoder.add(&c.batch); err != nil {
			return fmt.Errorf("table %s: %w", c.table.Name, err)
		}
	}
	if c.hasher != nil {
		c.hasher.finish()
	}
	if err := c.encoder.finish(); err != nil {
		return fmt.Errorf("table %s: %w", c.table.Name, err)
	}
	return nil
}

func (c *chunkWriter) fill(from, to int64) error {
	fresh := ResultBatch{Columns: c.own}
	fresh.Reset(c.table.Columns, int(to-from))
	c.batch.N, c.batch.Columns = fresh.N, append(c.batch.Columns[:0], c.own...)
	if err := c.table.Fill(from, to, &c.batch); err != nil {
		return fmt.Errorf("table %s, rows %d to %d: %w", c.table.Name, from, to, err)
	}
	if c.batch.N != fresh.N {
		return fmt.Errorf("table %s: %d rows filled, want %d", c.table.Name, c.batch.N, fresh.N)
	}
	if err := c.batch.check(c.table.Name, c.table.Columns, from); err != nil {
		return err
	}
	for i := range c.own {
		// Texts may lie in memory of Fill's own, which is not ours to append to: only learn how much is needed.
		if need := len(c.batch.Columns[i].Text.Data); need > cap(c.own[i].Text.Data) {
			c.own[i].Text.Data = make([]byte, 0, need+need/4)
		}
	}
	return nil
}

// turns hands out chunk numbers, and lets their holders pass one after another.
type turns struct {
	mu     sync.Mutex
	cond   *sync.Cond
	ctx    context.Context
	issued atomic.Int64
	next   int64
}

func newTurns(ctx context.Context) *turns {
	t := &turns{ctx: ctx}
	t.cond = sync.NewCond(&t.mu)
	context.AfterFunc(ctx, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.cond.Broadcast()
	})
	return t
}

// take gives the next number below limit.
func (t *turns) take(limit int64) (k int64, ok bool) {
	k = t.issued.Add(1) - 1
	return k, k < limit && t.ctx.Err() == nil
}

// in runs f when all numbers below k have passed. If f fails nobody passes any more: its error must end the context.
func (t *turns) in(k int64, f func() error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.next != k && t.ctx.Err() == nil {
		t.cond.Wait()
	}
	if err := t.ctx.Err(); err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	t.next++
	t.cond.Broadcast()
	return nil
}
