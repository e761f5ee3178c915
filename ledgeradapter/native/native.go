// Package native reads ledger exports, version 1 of FORMAT.md: a directory of tables in Parquet, Arrow IPC, CSV or
// newline JSON, perhaps with a manifest. What comes out is a ledger.Raw: every row as exported, ids as keys of their
// domains. Rules of the model are not checked here; what cannot be read exactly is an error that names file, table,
// column and row.
package native

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"planwerk/arrow"
	"planwerk/engine/ledger"
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// Options of Load. The zero value reads all tables with all cores.
type Options struct {
	Threads  int              // worker goroutines; 0: one per core
	Memory   int64            // bytes that the tables and their reading may hold; 0: arrow.DefaultMemory
	NoVerify bool             // leave out hashing; listings and sizes are still checked against a manifest
	Only     []ledger.TableID // tables to read; nil: all
	Progress func(table string, rowsDone, rowsTotal int64)
}

// Inputs says what was read.
type Inputs struct {
	Files   []InputFile // by table, then by path
	Notices []string
}

// InputFile is one file that was read.
type InputFile struct {
	Table  string
	Path   string // relative to the directory
	Rows   int64
	Bytes  int64
	SHA256 string // lower-case hex; empty with NoVerify
}

// Load reads the export in dir; large columns lie in the Space of ctx, if it has one. Sizes and digests of a manifest are compared before a byte is decoded. Errors of the
// data are of type *arrow.Error.
func Load(ctx context.Context, dir string, opt Options) (*ledger.Raw, *Inputs, error) {
	d, err := arrow.OpenDirectory(dir, func(name string) bool {
		_, ok := ledger.TableByName(name)
		return ok
	})
	if err != nil {
		return nil, nil, err
	}
	l := &loader{
		ctx: ctx, dir: d, raw: ledger.NewRaw(), in: &Inputs{}, wanted: wantedTables(opt.Only),
		opt: arrow.Options{Threads: opt.Threads, Budget: arrow.NewBudget(opt.Memory), NoVerify: opt.NoVerify, Progress: opt.Progress},
	}
	if space := spill.From(ctx); space != nil {
		l.raw.Space, l.opt.Room = space, room{space}
	}
	if err := l.verify(); err != nil {
		return nil, nil, err
	}
	var missing []string
	for _, t := range l.wanted {
		name := ledger.Schema[t].Name
		if len(d.Tables[name]) == 0 {
			missing = append(missing, name)
			continue
		}
		if err := l.read(t); err != nil {
			return nil, nil, err
		}
	}
	if len(missing) == len(l.wanted) && opt.Only == nil {
		return nil, nil, &arrow.Error{File: dir, What: "holds no table of a ledger export", Hint: "name a directory with files such as workloads.parquet or workloads.csv"}
	}
	l.notices(missing)
	return l.raw, l.in, nil
}

// room is a Space as the reader of tables needs it.
type room struct{ space *spill.Space }

func (r room) Ints(rows int) []int64  { return spill.Make[int64](r.space, rows) }
func (r room) Flags(rows int) []uint8 { return spill.Make[uint8](r.space, rows) }
func (r room) OnDisk() bool           { return r.space.MayUseFiles() }

// wantedTables lists each table to read once, in the order of the schema.
func wantedTables(only []ledger.TableID) (tables []ledger.TableID) {
	for t := range ledger.NumTables {
		if only == nil || slices.Contains(only, t) {
			tables = append(tables, t)
		}
	}
	return tables
}

// loader reads one export.
type loader struct {
	ctx    context.Context
	dir    *arrow.Directory
	raw    *ledger.Raw
	in     *Inputs
	wanted []ledger.TableID
	opt    arrow.Options
}

// verify hashes the files of the wanted tables.
func (l *loader) verify() error {
	if l.opt.NoVerify {
		return nil
	}
	var files []*arrow.File
	for _, t := range l.wanted {
		of := l.dir.Tables[ledger.Schema[t].Name]
		for i := range of {
			files = append(files, &of[i])
		}
	}
	return arrow.Verify(l.ctx, files, l.opt)
}

var kinds = map[ledger.Kind]arrow.Kind{
	ledger.KindID: arrow.KindID, ledger.KindValue: arrow.KindValue, ledger.KindAmount: arrow.KindAmount, ledger.KindTime: arrow.KindTime,
	ledger.KindMinutes: arrow.KindMinutes, ledger.KindFlag: arrow.KindFlag, ledger.KindText: arrow.KindText, ledger.KindWide: arrow.KindWide,
	ledger.KindDecimal: arrow.KindDecimal,
}

// read reads one table into the Raw.
func (l *loader) read(t ledger.TableID) error {
	def, raw := &ledger.Schema[t], &l.raw.Tables[t]
	table := arrow.Table{Name: def.Name, Files: l.dir.Tables[def.Name]}
	for c, cd := range def.Columns {
		col := arrow.Column{Name: cd.Name, Kind: kinds[cd.Kind], Optional: cd.Optional}
		if cd.Kind == ledger.KindID {
			col.Interner = raw.Cols[c].Domain
			col.Keys = func(rows int) arrow.KeyColumn { return ledger.NewKeysIn(l.raw.Space, rows) }
		}
		table.Columns = append(table.Columns, col)
	}
	data, err := arrow.ReadTable(l.ctx, &table, l.opt)
	if err != nil {
		return err
	}
	raw.Present, raw.Rows = true, data.Rows
	for c := range data.Cols {
		fill(&raw.Cols[c], &data.Cols[c])
	}
	for i, f := range table.Files {
		in := InputFile{Table: def.Name, Path: f.Name, Rows: data.FileRows[i], Bytes: f.Bytes, SHA256: f.SHA256}
		if l.opt.NoVerify {
			in.SHA256 = ""
		}
		l.in.Files = append(l.in.Files, in)
	}
	l.in.Notices = append(l.in.Notices, data.Notices...)
	return nil
}

// fill hands a column's slices over; only wide integers are copied.
func fill(to *ledger.RawColumn, from *arrow.ColumnData) {
	to.Absent, to.Int, to.Flag = from.Absent, from.Ints, from.Flags
	if from.Keys != nil {
		to.Keys = from.Keys.(*ledger.Keys)
	}
	to.Text = ledger.TextColumn{Data: from.Text.Data, Offsets: from.Text.Offsets}
	if from.Wides != nil {
		to.Wide = make([]kernels.Int128, len(from.Wides))
		for i, w := range from.Wides {
			to.Wide[i] = kernels.Int128(w)
		}
	}
}

// notices adds what concerns the directory as a whole.
func (l *loader) notices(missing []string) {
	add := func(format string, names []string) {
		const most = 30
		if len(names) > most {
			names = append(names[:most:most], fmt.Sprintf("and %d more", len(names)-most))
		}
		if len(names) > 0 {
			l.in.Notices = append(l.in.Notices, fmt.Sprintf(format, strings.Join(names, ", ")))
		}
	}
	add("not in the export, taken as empty: %s", missing)
	add("no tables of the export, ignored: %s", l.dir.Ignored)
}
