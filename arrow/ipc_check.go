package arrow

import (
	aa "github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// validated checks an array wholly. Apache's check refuses (or stumbles over) two things that Apache's reader makes of
// sound files: arrays of nulls without any buffer, and empty dense unions without offsets. Those are mended before.
func validated(arr aa.Array) error {
	if !needsMending(arr.DataType(), 0) {
		return array.ValidateFull(arr)
	}
	data := mended(arr.Data())
	defer data.Release()
	whole := array.MakeFromData(data)
	defer whole.Release()
	return array.ValidateFull(whole)
}

func needsMending(dt aa.DataType, depth int) bool {
	if dt = plainType(dt); dt.ID() == aa.NULL || dt.ID() == aa.DENSE_UNION {
		return true
	}
	if depth < schemaDepth {
		for _, f := range childTypes(dt) {
			if needsMending(f.Type, depth+1) {
				return true
			}
		}
	}
	return false
}

// mended is the same data with the missing buffers in place.
func mended(data aa.ArrayData) aa.ArrayData {
	dt := data.DataType()
	if ext, ok := dt.(aa.ExtensionType); ok {
		dt = ext.StorageType()
	}
	buffers := append([]*memory.Buffer(nil), data.Buffers()...)
	switch dt.ID() {
	case aa.NULL:
		if len(buffers) == 0 {
			buffers = []*memory.Buffer{nil}
		}
	case aa.DENSE_UNION:
		for i := 1; i < len(buffers) && data.Len() == 0; i++ {
			if buffers[i] == nil {
				buffers[i] = memory.NewBufferBytes([]byte{})
			}
		}
	}
	var children []aa.ArrayData
	for _, c := range data.Children() {
		child := mended(c)
		defer child.Release()
		children = append(children, child)
	}
	if d, ok := data.(*array.Data); ok {
		if dict, ok := d.Dictionary().(*array.Data); ok && dict != nil {
			values := mended(dict)
			defer values.Release()
			return array.NewDataWithDictionary(data.DataType(), data.Len(), buffers, data.NullN(), data.Offset(), values.(*array.Data))
		}
	}
	return array.NewData(data.DataType(), data.Len(), buffers, children, data.NullN(), data.Offset())
}
