package arrow

import (
	"context"
	"io"
)

// RootsOf computes the roots of tables, as WriteResult lists them, without writing a file. Of opt it uses Threads and
// Progress.
func RootsOf(ctx context.Context, tables []ResultTable, opt WriteOptions) ([]TableRoot, error) {
	roots := make([]TableRoot, len(tables))
	for i := range tables {
		t := &tables[i]
		root, err := writeTable(ctx, io.Discard, t, noFormat{}, opt)
		if err != nil {
			return nil, err
		}
		roots[i] = TableRoot{Name: t.Name, Rows: t.Rows, Root: root}
	}
	return roots, nil
}

// noFormat is the format of tables that are only hashed.
type noFormat struct{}

func (noFormat) newChunk() chunkEncoder             { return noFormat{} }
func (noFormat) begin(io.Writer) error              { return nil }
func (noFormat) join(io.Writer, chunkEncoder) error { return nil }
func (noFormat) end(io.Writer) error                { return nil }
func (noFormat) reset() error                       { return nil }
func (noFormat) add(*ResultBatch) error             { return nil }
func (noFormat) finish() error                      { return nil }
