package arrow

import (
	"math"

	aa "github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal"
)

// arrowCells turns a validated array into cells; bad lists those that cannot be held, in order.
func arrowCells(col *Column, arr aa.Array, out *ColumnData, cache *dictCache) (bad []cellFault, err error) {
	switch a := arr.(type) {
	case array.ExtensionArray:
		return arrowCells(col, a.Storage(), out, cache)
	case *array.Dictionary:
		return dictionaryCells(col, a, out, cache)
	case *array.Null:
		return nil, nullCells(col, a.Len(), out)
	}
	rule, refused := mapArrow(*col, arr.DataType())
	if refused != nil {
		return nil, &Error{What: refused.what, Hint: refused.hint}
	}
	switch {
	case col.Kind == KindFlag:
		return nil, flagCells(arr.(*array.Boolean), out)
	case col.Kind == KindText:
		return textCells(arr, &out.Text)
	case col.Kind == KindID && !aa.IsInteger(arr.DataType().ID()):
		return idCells(col, arr, out)
	case col.Kind == KindFloat:
		return floatCells(arr, out)
	case col.Kind == KindWide || aa.IsDecimal(arr.DataType().ID()):
		return decimalCells(col, rule, arr, out)
	}
	ints, ok := arrowInts(arr)
	if !ok {
		return nil, faultf("has type %s, which cannot be read", arr.DataType())
	}
	clearNulls(arr, ints, 0)
	out.Ints = ints
	bad = rule.applyAll(ints)
	clearNulls(arr, ints, NullInt)
	return bad, nil
}

// clearNulls puts null where the array is null.
func clearNulls[T any](arr aa.Array, out []T, null T) {
	if arr.NullN() == 0 {
		return
	}
	for i := range out {
		if arr.IsNull(i) {
			out[i] = null
		}
	}
}

func nullCells(col *Column, n int, out *ColumnData) error {
	if col.Kind == KindText {
		out.Text.Offsets = make([]int64, n+1)
		return nil
	}
	out.make(col.Kind, n, nil)
	out.fillNull(col.Kind, 0, n)
	return nil
}

func flagCells(a *array.Boolean, out *ColumnData) error {
	out.Flags = make([]uint8, a.Len())
	for i := range out.Flags {
		if a.Value(i) {
			out.Flags[i] = 1
		}
	}
	clearNulls(a, out.Flags, FlagNull)
	return nil
}

// valuer is an array of fixed-width values.
type valuer[T any] interface{ Values() []T }

func widened[T int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | aa.Timestamp | aa.Date32 | aa.Date64](a valuer[T], n int) []int64 {
	out := make([]int64, n) // an array of nulls may have no values
	for i, x := range a.Values() {
		out[i] = int64(x)
	}
	return out
}

// arrowInts copies integers, times and dates as int64; uint64 above 2⁶³−1 comes out negative.
func arrowInts(arr aa.Array) ([]int64, bool) {
	switch a := arr.(type) {
	case *array.Int64:
		out := make([]int64, a.Len())
		copy(out, a.Values())
		return out, true
	case *array.Timestamp:
		return widened(a, a.Len()), true
	case *array.Int32:
		return widened(a, a.Len()), true
	case *array.Uint64:
		return widened(a, a.Len()), true
	case *array.Uint32:
		return widened(a, a.Len()), true
	case *array.Int16:
		return widened(a, a.Len()), true
	case *array.Uint16:
		return widened(a, a.Len()), true
	case *array.Int8:
		return widened(a, a.Len()), true
	case *array.Uint8:
		return widened(a, a.Len()), true
	case *array.Date32:
		return widened(a, a.Len()), true
	case *array.Date64:
		return widened(a, a.Len()), true
	}
	return nil, false
}

// arrowDecimals copies decimals of any width, and integers, as unscaled 128-bit integers; bad lists those too long.
func arrowDecimals(arr aa.Array) (out []Int128, bad []cellFault) {
	out = make([]Int128, arr.Len())
	switch a := arr.(type) {
	case *array.Decimal32:
		for i, v := range a.Values() {
			out[i] = Int128Of(int64(v))
		}
	case *array.Decimal64:
		for i, v := range a.Values() {
			out[i] = Int128Of(int64(v))
		}
	case *array.Decimal128:
		for i, v := range a.Values() {
			out[i] = Int128{v.HighBits(), v.LowBits()}
		}
	case *array.Decimal256:
		for i, v := range a.Values() {
			w := v.Array()
			out[i] = Int128{int64(w[1]), w[0]}
			if sign := uint64(int64(w[1]) >> 63); (w[2] != sign || w[3] != sign) && a.IsValid(i) {
				bad = append(bad, cellFault{i, tooWide(decimalString(v))})
			}
		}
	default:
		ints, ok := arrowInts(arr)
		for i := 0; ok && i < len(out); i++ {
			out[i] = Int128Of(ints[i])
			if _, unsigned := arr.(*array.Uint64); unsigned {
				out[i].Hi = 0
			}
		}
	}
	return out, bad
}

func decimalString(v decimal.Decimal256) string { return v.ToString(0) }

// decimalCells holds decimals as millionths, whole numbers or wide integers.
func decimalCells(col *Column, rule intRule, arr aa.Array, out *ColumnData) ([]cellFault, error) {
	wide, bad := arrowDecimals(arr)
	clearNulls(arr, wide, Int128{})
	if col.Kind == KindWide {
		for i, a := range wide {
			if !a.fits38() {
				bad = append(bad, cellFault{i, tooWide(a.String())})
			}
		}
		clearNulls(arr, wide, NullInt128)
		out.Wides = wide
		return bad, nil
	}
	out.Ints = make([]int64, len(wide))
	if len(bad) == 0 {
		for i, a := range wide {
			var ok bool
			if out.Ints[i], ok = rule.scale128(a); !ok {
				bad = append(bad, cellFault{i, outOfRange(a.String())})
			}
		}
	}
	clearNulls(arr, out.Ints, NullInt)
	return bad, nil
}

func floatCells(arr aa.Array, out *ColumnData) (bad []cellFault, err error) {
	out.Floats = make([]float64, arr.Len())
	switch a := arr.(type) {
	case *array.Float64:
		copy(out.Floats, a.Values())
	case *array.Float32:
		for i, v := range a.Values() {
			out.Floats[i] = float64(v)
		}
	case *array.Float16:
		for i, v := range a.Values() {
			out.Floats[i] = float64(v.Float32())
		}
	default:
		wide, faults := arrowDecimals(arr)
		bad = faults
		scale := 1.0
		if dt, ok := arr.DataType().(aa.DecimalType); ok {
			scale = math.Pow10(int(dt.GetScale()))
		}
		for i, v := range wide {
			out.Floats[i] = v.float() / scale
		}
	}
	for i, f := range out.Floats {
		if arr.IsNull(i) {
			continue
		}
		var e *cellError
		if out.Floats[i], e = heldFloat(f); e != nil {
			bad = append(bad, cellFault{i, e})
		}
	}
	clearNulls(arr, out.Floats, math.NaN())
	return bad, nil
}

// arrowBytes gives access to the bytes of a text or binary array.
func arrowBytes(arr aa.Array) func(i int) []byte {
	switch a := arr.(type) {
	case *array.String:
		data, offs := a.ValueBytes(), a.ValueOffsets()
		return func(i int) []byte { return data[offs[i]-offs[0] : offs[i+1]-offs[0]] }
	case *array.LargeString:
		data, offs := a.ValueBytes(), a.ValueOffsets()
		return func(i int) []byte { return data[offs[i]-offs[0] : offs[i+1]-offs[0]] }
	case *array.StringView:
		return func(i int) []byte { return []byte(a.Value(i)) }
	case *array.Binary:
		return a.Value
	case *array.LargeBinary:
		return a.Value
	case *array.BinaryView:
		return a.Value
	case *array.FixedSizeBinary:
		return a.Value
	}
	return nil
}

func textCells(arr aa.Array, out *TextData) (bad []cellFault, err error) {
	at := arrowBytes(arr)
	out.Offsets = make([]int64, 1, arr.Len()+1)
	for i := range arr.Len() {
		if arr.IsValid(i) {
			text := at(i)
			if b := checkUTF8(text, []int32{0, int32(len(text))}); b != nil {
				bad = append(bad, cellFault{i, b[0].err})
			}
			out.Data = append(out.Data, text...)
		}
		out.Offsets = append(out.Offsets, int64(len(out.Data)))
	}
	return bad, nil
}

// idCells interns ids that are texts or binary, a block at a time, where they lie if they can be had so.
func idCells(col *Column, arr aa.Array, out *ColumnData) (bad []cellFault, err error) {
	binary := isArrowBinary(arr.DataType())
	out.Ints = make([]int64, arr.Len())
	if a, ok := arr.(*array.FixedSizeBinary); ok && a.NullN() == 0 && fixedWidth(a) > 0 && fixedWidth(a) < math.MaxInt32/8 {
		fixedIDs(col, a, out.Ints)
		return nil, nil
	}
	at := arrowBytes(arr)
	block := byteRun{}
	for from := 0; from < arr.Len(); {
		block.data, block.offs = block.data[:0], append(block.offs[:0], 0)
		to := from
		for ; to < arr.Len() && to-from < decodeBlock && len(block.data) < chunkTextBytes; to++ {
			if arr.IsValid(to) {
				id := at(to)
				if len(id) > math.MaxInt32/8 {
					return []cellFault{{to, &cellError{"an id of " + byteCount(int64(len(id))), "an id is a number, a short text or a hash"}}}, nil
				}
				block.data = append(block.data, id...)
			}
			block.offs = append(block.offs, int32(len(block.data)))
		}
		if binary {
			col.Interner.InternBinary(block.data, block.offs, out.Ints[from:to])
		} else {
			for _, f := range checkUTF8(block.data, block.offs) {
				bad = append(bad, cellFault{from + f.i, f.err})
			}
			if bad == nil {
				col.Interner.InternAll(block.data, block.offs, out.Ints[from:to])
			}
		}
		from = to
	}
	return bad, nil
}

func fixedWidth(a *array.FixedSizeBinary) int {
	return a.DataType().(*aa.FixedSizeBinaryType).ByteWidth
}

// fixedIDs interns binary ids of one length that lie one behind the other.
func fixedIDs(col *Column, a *array.FixedSizeBinary, out []int64) {
	width := fixedWidth(a)
	most := max(1, min(decodeBlock, chunkTextBytes/max(1, width)))
	offs := make([]int32, min(most, len(out))+1)
	for i := range offs {
		offs[i] = int32(i * width)
	}
	for from := 0; from < len(out); from += most {
		to := min(from+most, len(out))
		data := a.Data().Buffers()[1].Bytes()[(a.Data().Offset()+from)*width : (a.Data().Offset()+to)*width]
		col.Interner.InternBinary(data, offs[:to-from+1], out[from:to])
	}
}

// dictCache keeps a column's last dictionary in the form of cells: batches share dictionaries.
type dictCache struct {
	of     aa.ArrayData
	cells  ColumnData
	faults map[int]*cellError
}

// look converts a dictionary unless it is the one there is.
func (d *dictCache) look(col *Column, dict aa.Array) error {
	if d.of != nil && d.of == dict.Data() {
		return nil
	}
	if d.of != nil {
		d.of.Release()
	}
	*d = dictCache{of: dict.Data(), faults: map[int]*cellError{}}
	d.of.Retain() // so that no other dictionary comes to lie there
	faults, err := arrowCells(col, dict, &d.cells, &dictCache{})
	for _, f := range faults {
		d.faults[f.i] = f.err
	}
	return err
}

// dictionaryCells looks codes up; a bad entry is a fault only where it is used.
func dictionaryCells(col *Column, a *array.Dictionary, out *ColumnData, cache *dictCache) (bad []cellFault, err error) {
	if err := cache.look(col, a.Dictionary()); err != nil {
		return nil, err
	}
	if err := nullCells(col, a.Len(), out); err != nil {
		return nil, err
	}
	if col.Kind == KindText {
		out.Text.Offsets = out.Text.Offsets[:1]
	}
	for i := range a.Len() {
		if a.IsValid(i) {
			k := a.GetValueIndex(i)
			if e := cache.faults[k]; e != nil {
				bad = append(bad, cellFault{i, e})
			}
			out.set(col.Kind, i, &cache.cells, k)
		}
		if col.Kind == KindText {
			out.Text.Offsets = append(out.Text.Offsets, int64(len(out.Text.Data)))
		}
	}
	return bad, nil
}

// set copies cell k of from to cell i, a text to the end.
func (d *ColumnData) set(kind Kind, i int, from *ColumnData, k int) {
	switch kind {
	case KindFlag:
		d.Flags[i] = from.Flags[k]
	case KindWide:
		d.Wides[i] = from.Wides[k]
	case KindFloat:
		d.Floats[i] = from.Floats[k]
	case KindText:
		d.Text.Data = append(d.Text.Data, from.Text.Data[from.Text.Offsets[k]:from.Text.Offsets[k+1]]...)
	default:
		d.Ints[i] = from.Ints[k]
	}
}
