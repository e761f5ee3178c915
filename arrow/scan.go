package arrow

import "math"

// Kind is how a column is held after reading, whatever its type in the file.
type Kind uint8

const (
	KindID      Kind = iota // int64 key: a non-negative integer as it is, a text by the column's Interner
	KindValue               // decimal with at most six places, as int64 millionths
	KindAmount              // likewise
	KindTime                // int64 microseconds since the Unix epoch, UTC
	KindMinutes             // int64 whole minutes
	KindFlag                // uint8: 0 false, 1 true, FlagNull
	KindText                // UTF-8; empty where null
	KindWide                // decimal(38,0) as Int128
	KindDecimal             // int64 millionths without a unit
	KindFloat               // float64, never NaN or infinite; NaN where null. For plan tables only
)

// NullInt stands for null in integer columns and is no key of an id; the value −2⁶³ itself is refused as out of range.
const NullInt = math.MinInt64

// FlagNull stands for null in columns of flags.
const FlagNull = 2

// NullInt128 stands for null in wide columns.
var NullInt128 = Int128{Hi: math.MinInt64}

// Interner turns the texts data[offsets[i]:offsets[i+1]] of ids into keys, and binary ids, which stand for texts of
// lower-case hexadecimal digits; the empty text is null. It must be safe for concurrent use.
type Interner interface {
	InternAll(data []byte, offsets []int32, out []int64)
	InternBinary(data []byte, offsets []int32, out []int64)
}

// Column is a column that a table needs.
type Column struct {
	Name     string
	Kind     Kind
	Optional bool     // may be absent from the file
	Interner Interner // of an id column, for ids that are texts or binary
	// Keys makes the place for the keys of an id column once its number of rows is known; nil: ColumnData.Ints.
	Keys func(rows int) KeyColumn
}

// KeyColumn takes the keys of ids, for rows from row on; it must be safe for concurrent use on disjoint rows.
type KeyColumn interface {
	Set(row int, keys []int64)
}

// Table is one table to read: its files in order, and the columns wanted of them.
type Table struct {
	Name    string
	Files   []File
	Columns []Column
}

// File is one file of a table.
type File struct {
	Path   string   // to open it
	Name   string   // to name it in messages: relative to the directory read
	Kind   FileKind // FileUnknown: told by content
	Bytes  int64
	Rows   int64 // expected, from a manifest; −1 when unknown
	SHA256 string

	identity fileIdentity // what was hashed, so that nothing else is decoded
}

// Options of reading.
type Options struct {
	Threads  int                                           // worker goroutines; 0: one per core
	Budget   *Budget                                       // bytes that reading may hold, its result included; nil: DefaultMemory
	NoVerify bool                                          // do not hash files
	Progress func(table string, rowsDone, rowsTotal int64) // rowsTotal is −1 while unknown; called from any goroutine
	Room     Room                                          // where columns of integers and flags lie; nil: the Go heap
}

// Room gives columns memory. What it gives is all zeros.
type Room interface {
	Ints(rows int) []int64
	Flags(rows int) []uint8
	OnDisk() bool // it, and keys too, do not count against the Budget
}

// DefaultMemory is the bound on memory when Options leave it open.
const DefaultMemory = 12 << 30

// ColumnData is a column as read; which slice depends on the kind. An optional column that no file has is Absent and
// has no slices.
type ColumnData struct {
	Absent bool
	Keys   KeyColumn // of ids, when the Column made one; Ints is nil then
	Ints   []int64
	Flags  []uint8
	Wides  []Int128
	Floats []float64
	Text   TextData

	narrow []int32 // keys that fit four bytes, of a chunk on its way to Keys
}

// TextData holds texts back to back; text i is Data[Offsets[i]:Offsets[i+1]].
type TextData struct {
	Data    []byte
	Offsets []int64
}

// TableData is a table as read.
type TableData struct {
	Rows     int
	Cols     []ColumnData // in the order of Table.Columns
	FileRows []int64      // rows of each file
	Notices  []string
}
