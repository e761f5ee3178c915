package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"

	"planwerk/arrow"
)

// printTablesJSON writes tables as one JSON object on one line: by table a list of rows, each an object by column. Ids and
// decimals are texts, so that no reader rounds them; null is null.
func printTablesJSON(ctx context.Context, out io.Writer, tables []arrow.ResultTable) error {
	w := bufio.NewWriterSize(out, 1<<16)
	for i := range tables {
		t := &tables[i]
		w.WriteString([...]string{",", "{"}[b2i(i == 0)])
		w.Write(jsonText(t.Name))
		w.WriteString(":[")
		rows := 0
		err := eachBatch(t, t.Rows, func(b *arrow.ResultBatch) error {
			for row := range b.N {
				if rows++; rows > 1 {
					w.WriteByte(',')
				}
				writeRowJSON(w, t, b, row)
			}
			return ctx.Err()
		})
		if err != nil {
			return err
		}
		w.WriteByte(']')
	}
	w.WriteString("}\n")
	return w.Flush()
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func jsonText(s string) []byte {
	text, _ := json.Marshal(s) // a text always has one
	return text
}

// writeRowJSON writes a row; what goes wrong in writing shows when w is flushed.
func writeRowJSON(w *bufio.Writer, t *arrow.ResultTable, b *arrow.ResultBatch, row int) {
	for c := range t.Columns {
		col, v := &t.Columns[c], &b.Columns[c]
		w.WriteString([...]string{",", "{"}[b2i(c == 0)])
		w.Write(jsonText(col.Name))
		w.WriteByte(':')
		switch {
		case len(v.Null) > 0 && v.Null[row]:
			w.WriteString("null")
		case col.Type == arrow.ColFloat64:
			text, _ := jsonReal(v.Floats[row]).MarshalJSON()
			w.Write(text)
		case col.Type == arrow.ColFlag || col.Type == arrow.ColInt64:
			w.WriteString(cellText(col, v, row))
		default:
			w.Write(jsonText(cellCSV(col, v, row)))
		}
	}
	w.WriteByte('}')
}
