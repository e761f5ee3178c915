package arrow

import (
	"encoding/binary"
	"fmt"
)

// Thrift's compact protocol, as far as a Parquet reader meets it. Page headers are read here; a footer is walked here
// before Apache's code sees it, because that code trusts the sizes of lists and the depth of the schema.

const (
	thriftTrue   = 1
	thriftFalse  = 2
	thriftByte   = 3
	thriftI16    = 4
	thriftI32    = 5
	thriftI64    = 6
	thriftDouble = 7
	thriftBinary = 8
	thriftList   = 9
	thriftSet    = 10
	thriftMap    = 11
	thriftStruct = 12
)

const thriftDepth = 32 // structs and lists within each other; Parquet needs eight

// thriftReader reads a buffer; short says that the buffer ended before the value did.
type thriftReader struct {
	buf   []byte
	pos   int
	short bool
	bad   bool
	items int64 // structs in lists seen
}

func (t *thriftReader) failed() bool { return t.short || t.bad }

func (t *thriftReader) byte() byte {
	if t.pos >= len(t.buf) {
		t.short = true
		return 0
	}
	t.pos++
	return t.buf[t.pos-1]
}

func (t *thriftReader) uvarint() uint64 {
	v, n := binary.Uvarint(t.buf[t.pos:])
	if n <= 0 {
		if n == 0 {
			t.short = true
		} else {
			t.bad = true
		}
		return 0
	}
	t.pos += n
	return v
}

func (t *thriftReader) varint() int64 {
	u := t.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (t *thriftReader) advance(n uint64) {
	if n > uint64(len(t.buf)-t.pos) {
		t.short = true
		return
	}
	t.pos += int(n)
}

// field reads a field's header; typ is 0 at the end of the struct.
func (t *thriftReader) field(last int16) (id int16, typ byte) {
	b := t.byte()
	typ = b & 15
	if t.failed() || typ == 0 {
		return 0, 0
	}
	if d := int16(b >> 4); d != 0 {
		return last + d, typ
	}
	return int16(t.varint()), typ
}

// list reads a list's header; a list that claims more items than bytes are left is bad.
func (t *thriftReader) list() (n int, typ byte) {
	b := t.byte()
	size := uint64(b >> 4)
	if size == 15 {
		size = t.uvarint()
	}
	if t.failed() {
		return 0, 0
	}
	if size > uint64(len(t.buf)-t.pos) {
		t.short = true
		return 0, 0
	}
	return int(size), b & 15
}

// structFields calls f for every field of a struct; f reads the value or returns false to have it skipped.
func (t *thriftReader) structFields(depth int, f func(id int16, typ byte) bool) {
	for last := int16(0); ; {
		id, typ := t.field(last)
		if typ == 0 || t.failed() {
			return
		}
		if !f(id, typ) {
			t.skip(typ, depth)
		}
		if t.failed() {
			return
		}
		last = id
	}
}

// skip passes over a value.
func (t *thriftReader) skip(typ byte, depth int) {
	if depth <= 0 {
		t.bad = true
		return
	}
	switch typ {
	case thriftTrue, thriftFalse:
	case thriftByte:
		t.advance(1)
	case thriftI16, thriftI32, thriftI64:
		t.uvarint()
	case thriftDouble:
		t.advance(8)
	case thriftBinary:
		t.advance(t.uvarint())
	case thriftStruct:
		t.items++
		t.structFields(depth-1, func(int16, byte) bool { return false })
	case thriftList, thriftSet:
		n, elem := t.list()
		for i := 0; i < n && !t.failed(); i++ {
			if elem == thriftTrue || elem == thriftFalse {
				t.advance(1)
			} else {
				t.skip(elem, depth-1)
			}
		}
	default: // maps do not occur in Parquet's metadata
		t.bad = true
	}
}

// schemaDepth bounds groups within groups.
const schemaDepth = 64

// checkFooter walks a footer's metadata: every size within the buffer, the schema a tree of bounded depth. It returns
// how many structs there are, each of which costs Apache's reader a few hundred bytes.
func checkFooter(buf []byte) (structs int64, err error) {
	t := &thriftReader{buf: buf}
	t.structFields(thriftDepth, func(id int16, typ byte) bool {
		if id != 2 || typ != thriftList {
			return false
		}
		n, elem := t.list()
		if elem != thriftStruct {
			t.bad = true
			return true
		}
		t.items += int64(n)
		if e := t.schemaTree(n); e != nil && err == nil {
			err = e
		}
		return true
	})
	if err == nil && t.failed() {
		err = fmt.Errorf("the footer's metadata are damaged")
	}
	return t.items, err
}

// schemaTree reads n schema elements in depth-first order and checks the depth.
func (t *thriftReader) schemaTree(n int) error {
	var open []int64 // children still to come, per level
	for range n {
		children := int64(0)
		t.structFields(thriftDepth, func(id int16, typ byte) bool {
			if id == 5 && typ == thriftI32 {
				children = t.varint()
				return true
			}
			return false
		})
		if t.failed() {
			return nil
		}
		if children < 0 || children > int64(n) {
			return fmt.Errorf("the schema is damaged: a group of %d columns", children)
		}
		for len(open) > 0 && open[len(open)-1] == 0 {
			open = open[:len(open)-1]
		}
		if len(open) > 0 {
			open[len(open)-1]--
		}
		if children > 0 {
			open = append(open, children)
			if len(open) > schemaDepth {
				return fmt.Errorf("columns are nested deeper than %d levels", schemaDepth)
			}
		}
	}
	return nil
}

// pageHeader is what a page says of itself.
type pageHeader struct {
	kind                     int64
	uncompressed, compressed int64
	crc                      uint32
	hasCRC                   bool
	values, encoding         int64
	defEncoding, repEncoding int64 // of a V1 page
	rows                     int64 // of a V2 page
	defBytes, repBytes       int64
	plain                    bool // a V2 page whose values are not compressed
	has                      bool // the part that belongs to its kind is there
}

const (
	pageData       = 0
	pageIndex      = 1
	pageDictionary = 2
	pageDataV2     = 3
)

// parsePageHeader reads one header; ok is false when buf ends before it does.
func parsePageHeader(buf []byte) (h pageHeader, length int, ok bool, err error) {
	t := &thriftReader{buf: buf}
	h.kind = -1
	t.structFields(thriftDepth, func(id int16, typ byte) bool {
		switch {
		case typ == thriftI32 && id == 1:
			h.kind = t.varint()
		case typ == thriftI32 && id == 2:
			h.uncompressed = t.varint()
		case typ == thriftI32 && id == 3:
			h.compressed = t.varint()
		case typ == thriftI32 && id == 4:
			h.crc, h.hasCRC = uint32(t.varint()), true
		case typ == thriftStruct && id == 5:
			t.dataPage(&h)
		case typ == thriftStruct && id == 7:
			t.dictionaryPage(&h)
		case typ == thriftStruct && id == 8:
			t.dataPageV2(&h)
		default:
			return false
		}
		return true
	})
	if t.short && !t.bad {
		return h, 0, false, nil
	}
	if t.bad || h.kind < 0 || h.uncompressed < 0 || h.compressed < 0 || h.values < 0 {
		return h, 0, true, fmt.Errorf("a page header is damaged")
	}
	return h, t.pos, true, nil
}

func (t *thriftReader) dataPage(h *pageHeader) {
	h.has = h.has || h.kind == pageData
	t.structFields(thriftDepth, func(id int16, typ byte) bool {
		if typ != thriftI32 || id > 4 {
			return false
		}
		v := t.varint()
		switch id {
		case 1:
			h.values = v
		case 2:
			h.encoding = v
		case 3:
			h.defEncoding = v
		case 4:
			h.repEncoding = v
		}
		return true
	})
}

func (t *thriftReader) dictionaryPage(h *pageHeader) {
	h.has = h.has || h.kind == pageDictionary
	t.structFields(thriftDepth, func(id int16, typ byte) bool {
		if typ != thriftI32 || id > 2 {
			return false
		}
		v := t.varint()
		if id == 1 {
			h.values = v
		} else {
			h.encoding = v
		}
		return true
	})
}

func (t *thriftReader) dataPageV2(h *pageHeader) {
	h.has = h.has || h.kind == pageDataV2
	t.structFields(thriftDepth, func(id int16, typ byte) bool {
		if id == 7 && (typ == thriftTrue || typ == thriftFalse) {
			h.plain = typ == thriftFalse
			return true
		}
		if typ != thriftI32 || id > 6 {
			return false
		}
		v := t.varint()
		switch id {
		case 1:
			h.values = v
		case 3:
			h.rows = v
		case 4:
			h.encoding = v
		case 5:
			h.defBytes = v
		case 6:
			h.repBytes = v
		}
		return true
	})
}
