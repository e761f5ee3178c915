package arrow

import (
	"fmt"
	"io"

	aa "github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// ipc reads every batch of an Arrow IPC file or stream.
func (in *inspector) ipc() error {
	src, err := openIPC(in.file, in.opt.Budget)
	if err != nil {
		return err
	}
	defer src.close()
	in.out.Kind = "arrow file"
	if src.src.blocks == nil {
		in.out.Kind = "arrow stream"
	}
	leaves := 0
	for _, f := range src.schema.Fields() {
		leaves += countLeaves(f.Type, 0)
	}
	if err := in.expect(leaves); err != nil {
		return err
	}
	var tops []*arrowLeaf
	for _, f := range src.schema.Fields() {
		tops = append(tops, in.arrowLeaf(f.Name, f.Type, 0))
	}
	for {
		rec, err := src.read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if err := in.batch(tops, rec); err != nil {
			return err
		}
	}
	if !src.ended() {
		in.out.Notices = append(in.out.Notices, "the stream has no end mark and may be cut off")
	}
	return nil
}

func (in *inspector) batch(tops []*arrowLeaf, rec aa.RecordBatch) (err error) {
	defer catch(&err, "decoding")
	if rec.NumRows() < 0 || in.out.Rows+rec.NumRows() < 0 {
		return fmt.Errorf("a batch of %d rows", rec.NumRows())
	}
	for i, top := range tops {
		arr := rec.Column(i)
		if int64(arr.Len()) != rec.NumRows() {
			return &Error{Column: top.stats.name, What: fmt.Sprintf("%d values for %d rows", arr.Len(), rec.NumRows())}
		}
		if err := claimArrays(in, arr.Data(), 0); err != nil {
			return inColumn(err, top.stats.name)
		}
		if err := validated(arr); err != nil {
			return damagedBatch(top.stats.name, arr, in.out.Rows, err)
		}
		if err := top.add(arr); err != nil {
			return inColumn(err, top.stats.name)
		}
	}
	in.out.Rows += rec.NumRows()
	in.out.Parts++
	return in.ctx.Err()
}

// claimArrays counts the cells of an array and those within it, before anything walks over them.
func claimArrays(in *inspector, data aa.ArrayData, depth int) error {
	if depth > schemaDepth {
		return fmt.Errorf("nested deeper than %d levels", schemaDepth)
	}
	n := int64(data.Len())
	if id := data.DataType().ID(); id == aa.NULL || id == aa.RUN_END_ENCODED {
		n = 0 // nobody walks over these
	}
	if err := in.claim(n); err != nil {
		return err
	}
	for _, c := range data.Children() {
		if err := claimArrays(in, c, depth+1); err != nil {
			return err
		}
	}
	if d, ok := data.(*array.Data); ok {
		if dict, ok := d.Dictionary().(*array.Data); ok && dict != nil {
			return claimArrays(in, dict, depth+1)
		}
	}
	return nil
}

func childTypes(dt aa.DataType) []aa.Field {
	if n, ok := dt.(aa.NestedType); ok {
		return n.Fields()
	}
	return nil
}

func countLeaves(dt aa.DataType, depth int) int {
	n := 1
	if depth < schemaDepth {
		for _, f := range childTypes(dt) {
			n += countLeaves(f.Type, depth+1)
		}
	}
	return n
}

// arrowLeaf gathers a column of Arrow arrays and, of nested types, of the arrays within.
type arrowLeaf struct {
	stats    *columnStats
	children []*arrowLeaf
}

func (in *inspector) arrowLeaf(name string, dt aa.DataType, depth int) *arrowLeaf {
	l := &arrowLeaf{stats: in.column(name, dt.String())}
	l.stats.text = isArrowText(plainType(dt))
	l.stats.show = showArrow(plainType(dt))
	if depth < schemaDepth {
		for _, f := range childTypes(dt) {
			l.children = append(l.children, in.arrowLeaf(name+"."+f.Name, f.Type, depth+1))
		}
	}
	return l
}

// plainType is the type of the values behind dictionaries and extensions.
func plainType(dt aa.DataType) aa.DataType {
	for {
		switch t := dt.(type) {
		case *aa.DictionaryType:
			dt = t.ValueType
		case aa.ExtensionType:
			dt = t.StorageType()
		default:
			return dt
		}
	}
}

func showArrow(dt aa.DataType) func(Int128) string {
	switch t := dt.(type) {
	case aa.DecimalType:
		return showDecimal(int(t.GetScale()))
	case *aa.TimestampType:
		return showTimeIn(map[aa.TimeUnit]int64{aa.Second: 1, aa.Millisecond: 1000, aa.Microsecond: 1_000_000, aa.Nanosecond: 1_000_000_000}[t.Unit])
	case *aa.Date32Type:
		return showDate
	case *aa.BooleanType:
		return showBool
	}
	return nil
}

// add takes a validated array.
func (l *arrowLeaf) add(arr aa.Array) error {
	switch a := arr.(type) {
	case array.ExtensionArray:
		return l.add(a.Storage())
	case *array.Null:
		l.stats.nullCells(int64(a.Len()))
		return nil
	case *array.Dictionary:
		return l.addDictionary(a)
	case *array.RunEndEncoded:
		l.stats.typ = a.DataType().String()
		return l.addChildren([]aa.Array{a.RunEndsArr(), a.Values()})
	}
	children, nested := nestedArrays(arr)
	cell := arrowCell(l.stats, arr)
	for i := range arr.Len() {
		switch {
		case arr.IsNull(i):
			l.stats.nullCells(1)
		case nested:
			l.stats.values++
		default:
			cell(i)
		}
	}
	return l.addChildren(children)
}

func (l *arrowLeaf) addChildren(children []aa.Array) error {
	for i, c := range children {
		if i < len(l.children) {
			if err := l.children[i].add(c); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *arrowLeaf) addDictionary(a *array.Dictionary) error {
	dict := a.Dictionary()
	for d, ok := dict.(array.ExtensionArray); ok; d, ok = dict.(array.ExtensionArray) {
		dict = d.Storage()
	}
	if _, nested := nestedArrays(dict); nested {
		l.stats.values += int64(a.Len())
		return nil
	}
	cell := arrowCell(l.stats, dict)
	for i := range a.Len() {
		if a.IsNull(i) {
			l.stats.nullCells(1)
			continue
		}
		k := a.GetValueIndex(i)
		if dict.IsNull(k) {
			l.stats.nullCells(1)
			continue
		}
		cell(k)
	}
	return nil
}

// nestedArrays gives the arrays within an array of a nested type, in the order of its fields.
func nestedArrays(arr aa.Array) (children []aa.Array, nested bool) {
	switch a := arr.(type) {
	case *array.Struct:
		for i := range a.NumField() {
			children = append(children, a.Field(i))
		}
		return children, true
	case array.Union:
		for i := range a.NumFields() {
			children = append(children, a.Field(i))
		}
		return children, true
	case array.ListLike:
		return []aa.Array{a.ListValues()}, true
	}
	return nil, false
}

// arrowCell gives what takes cell i of an array into the statistics.
func arrowCell(s *columnStats, arr aa.Array) func(i int) {
	switch a := arr.(type) {
	case *array.Boolean:
		return func(i int) {
			v := int64(0)
			if a.Value(i) {
				v = 1
			}
			s.int64(v)
		}
	case *array.Uint64:
		return func(i int) { s.int128(Int128{0, a.Value(i)}) }
	case *array.Float16:
		return func(i int) { s.float(float64(a.Value(i).Float32())) }
	case *array.Float32:
		return func(i int) { s.float(float64(a.Value(i))) }
	case *array.Float64:
		return func(i int) { s.float(a.Value(i)) }
	case *array.Decimal256:
		return func(i int) { s.bytes([]byte(a.ValueStr(i))) }
	case *array.Decimal32, *array.Decimal64, *array.Decimal128:
		wide, _ := arrowDecimals(arr)
		return func(i int) { s.int128(wide[i]) }
	}
	if ints, ok := arrowInts(arr); ok {
		return func(i int) { s.int64(ints[i]) }
	}
	if at := arrowBytes(arr); at != nil {
		return func(i int) { s.bytes(at(i)) }
	}
	s.text = true
	return func(i int) { s.bytes([]byte(arr.ValueStr(i))) }
}
