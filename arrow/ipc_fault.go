package arrow

import (
	"encoding/binary"
	"fmt"
	"unicode/utf8"

	aa "github.com/apache/arrow-go/v18/arrow"
)

// damagedBatch is the fault of a column whose batch, from a row of its file on, is damaged: of the first row that is, where
// that can be told.
func damagedBatch(column string, arr aa.Array, row int64, err error) *Error {
	if i, what := damagedText(arr); i >= 0 {
		return &Error{Column: column, Row: row + int64(i) + 1, What: what, Hint: "write the file again"}
	}
	return &Error{Column: column, What: fmt.Sprintf("damaged in the batch from row %d on", row+1), Err: err}
}

// damagedText finds the first text, or binary value, that does not lie within the data, or is not UTF-8; −1: none, or the array
// is of another type.
func damagedText(arr aa.Array) (i int, what string) {
	dt := plainType(arr.DataType())
	width := 4
	switch dt.ID() {
	case aa.STRING, aa.BINARY:
	case aa.LARGE_STRING, aa.LARGE_BINARY:
		width = 8
	default:
		return -1, ""
	}
	data := arr.Data()
	buffers := data.Buffers()
	if len(buffers) < 3 || buffers[1] == nil {
		return -1, ""
	}
	offsets, from := buffers[1].Bytes(), data.Offset()
	var bytes []byte
	if buffers[2] != nil {
		bytes = buffers[2].Bytes()
	}
	if len(offsets)/width <= from+arr.Len() {
		return -1, ""
	}
	offset := func(i int) int64 {
		if at := (from + i) * width; width == 8 {
			return int64(binary.NativeEndian.Uint64(offsets[at:]))
		} else {
			return int64(int32(binary.NativeEndian.Uint32(offsets[at:])))
		}
	}
	for i := range arr.Len() {
		begin, end := offset(i), offset(i+1)
		switch {
		case begin < 0 || end < begin || end > int64(len(bytes)):
			return i, fmt.Sprintf("damaged: it lies from byte %d to %d of %d", begin, end, len(bytes))
		case isArrowText(dt) && arr.IsValid(i) && !utf8.Valid(bytes[begin:end]):
			return i, quote(bytes[begin:end]) + " is not UTF-8"
		}
	}
	return -1, ""
}
