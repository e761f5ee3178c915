package arrow

import (
	"encoding/binary"
	"fmt"
)

// flat is a FlatBuffer; a table is the position of one within.
type flat []byte

func (f flat) u16(at int) int {
	if at < 0 || at+2 > len(f) {
		panic(errIPCMetadata)
	}
	return int(binary.LittleEndian.Uint16(f[at:]))
}

func (f flat) u32(at int) int {
	if at < 0 || at+4 > len(f) {
		panic(errIPCMetadata)
	}
	return int(binary.LittleEndian.Uint32(f[at:]))
}

func (f flat) i64(at int) int64 {
	if at < 0 || at+8 > len(f) {
		panic(errIPCMetadata)
	}
	return int64(binary.LittleEndian.Uint64(f[at:]))
}

// root is the table that a buffer begins with.
func (f flat) root() int { return f.u32(0) }

// slot is the position of a table's field, 0 when it is absent; entry is that of its place in the table's layout.
func (f flat) slot(table, k int) (at, entry int) {
	layout := table - int(int32(f.u32(table)))
	size := f.u16(layout)
	entry = layout + 4 + 2*k
	if entry+2 > layout+size {
		return 0, 0
	}
	if o := f.u16(entry); o != 0 {
		return table + o, entry
	}
	return 0, entry
}

// follow is the position that a field of a table points to, 0 when it is absent.
func (f flat) follow(table, k int) int {
	at, _ := f.slot(table, k)
	if at == 0 {
		return 0
	}
	to := at + f.u32(at)
	f.u32(to)
	return to
}

// vector is the position of a vector's first item and the number of items of a size.
func (f flat) vector(table, k, size int) (at, n int) {
	at = f.follow(table, k)
	if at == 0 {
		return 0, 0
	}
	n = f.u32(at)
	if at+4 > len(f) || n > (len(f)-at-4)/size {
		panic(errIPCMetadata)
	}
	return at + 4, n
}

// Limits of a schema.
const maxSchemaFields = 1 << 20

// checkSchema walks a schema's fields: bounded in depth and number, although offsets may lead to a field many times.
func (f flat) checkSchema(schema int) {
	left := maxSchemaFields
	f.checkFields(schema, 1, schemaDepth, &left)
}

func (f flat) checkFields(table, k, depth int, left *int) {
	at, n := f.vector(table, k, 4)
	if n > 0 && depth == 0 {
		panic(faultf("columns are nested deeper than %d levels", schemaDepth))
	}
	for i := range n {
		if *left--; *left < 0 {
			panic(faultf("more than %d columns", maxSchemaFields))
		}
		f.checkFields(at+4*i+f.u32(at+4*i), 5, depth-1, left)
	}
}

// Kinds of messages.
const (
	ipcSchema     = 1
	ipcDictionary = 2
	ipcBatch      = 3
)

// ipcMessage is a message as found.
type ipcMessage struct {
	meta  flat
	body  int64 // bytes
	kind  byte
	batch int // table of the record batch, also of a dictionary's; 0: none
}

// parseIPCMessage checks a message's metadata.
func parseIPCMessage(meta []byte) (m ipcMessage, err error) {
	if err := guardMessage(meta); err != nil {
		return m, err
	}
	defer catch(&err, "reading the metadata")
	f := flat(meta)
	root := f.root()
	m.meta = f
	if at, _ := f.slot(root, 1); at > 0 && at < len(f) {
		m.kind = f[at]
	}
	header := f.follow(root, 2)
	if at, _ := f.slot(root, 3); at > 0 {
		m.body = f.i64(at)
	}
	if header == 0 || m.body < 0 {
		return m, errIPCMetadata
	}
	switch m.kind {
	case ipcSchema:
		f.checkSchema(header)
	case ipcDictionary:
		m.batch = f.follow(header, 1)
	case ipcBatch:
		m.batch = header
	default:
		return m, fmt.Errorf("damaged Arrow data: a message of kind %d", m.kind)
	}
	if m.kind != ipcSchema {
		if m.batch == 0 {
			return m, errIPCMetadata
		}
		return m, m.checkBatch()
	}
	return m, nil
}

// checkBatch checks that lengths are not negative and buffers lie within the body.
func (m *ipcMessage) checkBatch() error {
	f := m.meta
	if at, _ := f.slot(m.batch, 0); at > 0 && f.i64(at) < 0 {
		return errIPCMetadata
	}
	nodes, n := f.vector(m.batch, 1, 16)
	for i := range n {
		if length, nulls := f.i64(nodes+16*i), f.i64(nodes+16*i+8); length < 0 || nulls < 0 || nulls > length {
			return errIPCMetadata
		}
	}
	buffers, n := f.vector(m.batch, 2, 16)
	for i := range n {
		at, size := f.i64(buffers+16*i), f.i64(buffers+16*i+8)
		if at < 0 || size < 0 || at > m.body || size > m.body-at {
			return errIPCMetadata
		}
	}
	counts, k := f.vector(m.batch, 4, 8)
	sum := int64(0)
	for i := range k {
		c := f.i64(counts + 8*i)
		if sum += c; c < 0 || c > int64(n) || sum > int64(n) {
			return errIPCMetadata
		}
	}
	return nil
}
