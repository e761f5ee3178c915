package arrow

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// A footer's metadata cost memory before anything is known: they are bounded apart from the budget, which each struct
// in them is charged to.
const (
	maxFooter       = 256 << 20
	footerPerStruct = 200 // bytes that Apache's reader needs for one, about
)

// parquetFile is an open Parquet file's metadata and how its columns are read.
type parquetFile struct {
	meta   *metadata.FileMetaData
	rows   int64
	groups []int64 // rows of each row group
	end    int64   // where the footer begins
	cols   []*parquetColumn
	held   int64 // bytes taken from the budget
}

// openParquet reads the footer. Apache's reader sees it only after checkFooter.
func openParquet(f *os.File, b *Budget) (p *parquetFile, err error) {
	defer catch(&err, "reading the footer")
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	size := st.Size()
	var tail [8]byte
	if size < 12 {
		return nil, notParquet()
	}
	if _, err := f.ReadAt(tail[:], size-8); err != nil {
		return nil, readError(err)
	}
	if bytes.Equal(tail[4:], []byte("PARE")) {
		return nil, &Error{What: "the file is encrypted", Hint: "write it without encryption"}
	}
	if !bytes.Equal(tail[4:], magicParquet) {
		return nil, notParquet()
	}
	n := int64(binary.LittleEndian.Uint32(tail[:4]))
	if n > size-12 || n > maxFooter {
		return nil, fmt.Errorf("a footer of %s in a file of %s", byteCount(n), byteCount(size))
	}
	buf := make([]byte, n)
	if _, err := f.ReadAt(buf, size-8-n); err != nil {
		return nil, readError(err)
	}
	structs, err := checkFooter(buf)
	if err != nil {
		return nil, err
	}
	p = &parquetFile{end: size - 8 - n, held: structs*footerPerStruct + n}
	if err := b.take(p.held, "the footer"); err != nil {
		return nil, err
	}
	if p.meta, err = metadata.NewFileMetaData(buf, nil); err != nil {
		return nil, fmt.Errorf("the footer's metadata are damaged: %w", err)
	}
	if p.meta.IsSetEncryptionAlgorithm() {
		return nil, &Error{What: "the file is encrypted", Hint: "write it without encryption"}
	}
	return p, p.countRows()
}

func notParquet() error {
	return &Error{What: "not a Parquet file, or cut off", Hint: "write the file again"}
}

func (p *parquetFile) countRows() error {
	if p.meta.NumRows < 0 {
		return errors.New("a negative number of rows")
	}
	for i := range p.meta.RowGroups {
		n := p.meta.RowGroups[i].NumRows
		if n < 0 || n > math.MaxInt64-p.rows {
			return errors.New("a row group with a negative number of rows")
		}
		p.groups = append(p.groups, n)
		p.rows += n
	}
	if p.rows != p.meta.NumRows {
		return fmt.Errorf("the footer says %d rows, its row groups hold %d", p.meta.NumRows, p.rows)
	}
	return nil
}

// mapColumns finds the wanted columns among those of the file and lists the names of others.
func (p *parquetFile) mapColumns(cols []Column) (unknown []string, err error) {
	defer catch(&err, "reading the schema")
	root := p.meta.Schema.Root()
	first := map[string]int{} // top-level name to leaf
	leaves := map[string]*schema.Column{}
	for i := range p.meta.Schema.NumColumns() {
		leaf := p.meta.Schema.Column(i)
		name, _, _ := strings.Cut(leaf.ColumnPath().String(), ".")
		if path := leaf.ColumnPath(); len(path) > 0 {
			name = path[0]
		}
		if _, ok := first[name]; !ok {
			first[name], leaves[name] = i, leaf
		}
	}
	wanted := map[string]bool{}
	for i := range cols {
		wanted[cols[i].Name] = true
	}
	seen := map[string]bool{}
	for i := range root.NumFields() {
		name := root.Field(i).Name()
		if seen[name] {
			return nil, &Error{Column: name, What: "is in the file twice"}
		}
		seen[name] = true
		if !wanted[name] {
			unknown = append(unknown, name)
		}
	}
	present := make([]bool, len(cols))
	p.cols = make([]*parquetColumn, len(cols))
	for i := range cols {
		leaf, ok := leaves[cols[i].Name]
		if !ok {
			p.cols[i] = &parquetColumn{index: -1, want: cols[i]}
			continue
		}
		present[i] = true
		c, bad := mapParquetColumn(cols[i], leaf, first[cols[i].Name])
		if bad != nil {
			e := &Error{Column: cols[i].Name, What: bad.what, Hint: bad.hint}
			if p.rows > 0 {
				e.Row = 1
			}
			return nil, e
		}
		p.cols[i] = c
	}
	return unknown, missingColumn(cols, present)
}

// readChunk decodes one column of one row group into to.
func (p *parquetFile) readChunk(d *chunkDecoder, group int, c *parquetColumn, to chunkTarget) (err error) {
	defer catch(&err, "decoding")
	if err := p.openChunk(d, group, c); err != nil || p.groups[group] == 0 {
		return err
	}
	return d.decode(c, int(p.groups[group]), to)
}

// openChunk sets d to the first page of one column of one row group.
func (p *parquetFile) openChunk(d *chunkDecoder, group int, c *parquetColumn) (err error) {
	chunk, err := p.meta.RowGroup(group).ColumnChunk(c.index)
	if err != nil {
		return err
	}
	if chunk.CryptoMetadata() != nil {
		return &Error{What: "the column is encrypted", Hint: "write the file without encryption"}
	}
	if chunk.FilePath() != "" {
		return &Error{What: "the column lies in another file", Hint: "write files that hold all of their columns"}
	}
	if chunk.Type() != c.physical {
		return errors.New("a column chunk of another type than the schema's")
	}
	n := p.groups[group]
	if chunk.NumValues() != n {
		return fmt.Errorf("%d values for %d rows", chunk.NumValues(), n)
	}
	start := chunk.DataPageOffset()
	if chunk.HasDictionaryPage() {
		if at := chunk.DictionaryPageOffset(); at > 0 && at < start {
			start = at
		}
	}
	optional := 0
	if c.optional {
		optional = 1
	}
	if n == 0 {
		return nil
	}
	return d.pages.open(start, p.end, chunk.Compression(), optional, 0)
}

// chunkError names the place of a fault in a column chunk.
func (p *parquetFile) chunkError(err error, group int, c *parquetColumn) error {
	var re *rowError
	if errors.As(err, &re) {
		row := int64(re.row) + 1
		for _, n := range p.groups[:group] {
			row += n
		}
		return &Error{Column: c.want.Name, Row: row, What: re.what, Hint: re.hint}
	}
	var e *Error
	if errors.As(err, &e) {
		e.Column = c.want.Name
		return e
	}
	return &Error{Column: c.want.Name, What: fmt.Sprintf("row group %d", group+1), Err: err}
}
