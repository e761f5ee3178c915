package arrow

import "encoding/binary"

// Apache's IPC reader takes memory for as many fields and metadata entries as the flatbuffer of a schema claims, before
// it looks for them: one changed byte asks for 64 GiB, and that is no panic to recover from. flatGuard walks the same
// tables first, by Arrow's Schema.fbs and Message.fbs, and refuses counts that the bytes cannot hold.

// Limits on what one schema may name; 10⁵ columns are within.
const (
	guardFields = 1 << 18
	guardPairs  = 1 << 18
	guardDepth  = 32
)

// flatGuard reads a flatbuffer. An offset outside of it panics; guardMessage recovers.
type flatGuard struct {
	data          []byte
	fields, pairs int // seen so far: shared tables must not multiply
}

// guardMessage checks the metadata of a message: its custom metadata, and the schema if it is one.
func guardMessage(data []byte) (err error) {
	defer catch(&err, "reading a message")
	const headerSchema = 1
	g := &flatGuard{data: data}
	message := g.table(0)
	g.metadata(message, 4)
	kind, header := g.field(message, 1), 0
	if header, _ = g.follow(message, 2); kind > 0 && g.data[kind] == headerSchema && header > 0 {
		g.schema(header)
	}
	return nil
}

// Positions are computed modulo 2³², as Apache's accessors do: an offset may well point backwards.

func (g *flatGuard) u32(at int) int { return int(binary.LittleEndian.Uint32(g.data[at:])) }

// table follows the offset at a position.
func (g *flatGuard) table(at int) int { return int(uint32(at + g.u32(at))) }

// field is the position of a table's field, 0 when it is absent.
func (g *flatGuard) field(table, i int) int {
	vtable := int(uint32(table - g.u32(table)))
	entry := 4 + 2*i
	if entry >= int(binary.LittleEndian.Uint16(g.data[vtable:])) {
		return 0
	}
	off := int(binary.LittleEndian.Uint16(g.data[vtable+entry:]))
	if off == 0 {
		return 0
	}
	return table + off
}

// follow is the table that a field points at.
func (g *flatGuard) follow(table, i int) (int, bool) {
	at := g.field(table, i)
	if at == 0 {
		return 0, false
	}
	return g.table(at), true
}

// vector is the position and length of a field's elements of a width; all of them lie in the data.
func (g *flatGuard) vector(table, i, width int) (at, n int) {
	at, ok := g.follow(table, i)
	if !ok {
		return 0, 0
	}
	n = g.u32(at)
	if at += 4; n > (len(g.data)-at)/width {
		panic(faultf("a list of %d entries in %d bytes", n, len(g.data)-at))
	}
	return at, n
}

func (g *flatGuard) schema(schema int) {
	at, n := g.vector(schema, 1, 4)
	for i := range n {
		g.schemaField(g.table(at+4*i), 1)
	}
	g.metadata(schema, 2)
	g.vector(schema, 3, 8)
}

func (g *flatGuard) schemaField(field, depth int) {
	if g.fields++; g.fields > guardFields || depth > guardDepth {
		panic(faultf("more than %d fields, or nested deeper than %d", guardFields, guardDepth))
	}
	at, n := g.vector(field, 5, 4)
	for i := range n {
		g.schemaField(g.table(at+4*i), depth+1)
	}
	g.metadata(field, 6)
}

// metadata counts the key-value pairs of a field.
func (g *flatGuard) metadata(table, i int) {
	_, n := g.vector(table, i, 4)
	if g.pairs += n; g.pairs > guardPairs {
		panic(faultf("more than %d metadata entries", guardPairs))
	}
}
