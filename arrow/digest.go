package arrow

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
	"math/bits"
	"slices"
	"strings"

	sha256simd "github.com/minio/sha256-simd"
)

// EncodingVersion is the version of the canonical encoding of rows and of the tree of a result, which version 1 of the
// manifest uses.
//
// A row is the concatenation of its cells in column order; columns of floats are left out. Integers are big-endian.
//
//	null        00
//	id, hash    01, length of the canonical text in bytes (4 bytes), the text (hashes: 64 lower-case hex digits)
//	text        01, length in bytes (4 bytes), the text
//	integer     01, 16 bytes two's complement; so are decimals (their unscaled integer) and times (µs, UTC)
//	flag        01, one byte 00 or 01
//
// The empty text is null: CSV could not tell them apart.
//
// A table's rows are cut into blocks of 1 024 (the last may be shorter); a block's rows, concatenated, are one leaf of
// the table's RFC 6962 tree (merkle.go). The root of a result is such a tree over one leaf per table, in bytewise order
// of their names, and a last leaf of the parameters:
//
//	table       01, length of the name (4 bytes), name, rows (16 bytes), table root (32 bytes)
//	parameters  02, number (4 bytes); for each, in bytewise order of the names: length of the name (4 bytes), name,
//	            length of the value (4 bytes), value
//
// Test vectors (digest_test.go computes them again with crypto/sha256 and a recursive tree):
//
//	row id 7, decimal −0.000001, null text, flag true
//	    010000000137 01ffffffffffffffffffffffffffffffff 00 0101
//	root of the table "a" of that row
//	    11083cd8ebb64726d54ac76a0370e7b49a920a09878e470366fb73ab6488b70b
//	root of the table "b" without rows
//	    e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
//	root of the result of both with the parameters after=1, until=2
//	    eebf60c5c3c861cb274ad0ff5bdb3f95d1819d976d25cafc2c95bf5780489e7a
const EncodingVersion = 1

// digestBlock is the number of rows hashed as one leaf.
const digestBlock = 1024

const (
	cellNull    = 0x00
	cellPresent = 0x01

	leafTable      = 0x01
	leafParameters = 0x02
)

// sha256Sum is the one place where hashes come from: SHA-NI through sha256-simd.
func sha256Sum(data []byte) Hash { return sha256simd.Sum256(data) }

// Digest is the SHA-256 of data, from where all digests of files and results come.
func Digest(data []byte) Hash { return sha256Sum(data) }

// newSHA256 is sha256Sum for data that comes in pieces.
func newSHA256() hash.Hash { return sha256simd.New() }

// String is the digest in lower-case hex.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// parseHash reads 64 lower-case hex digits.
func parseHash(text string) (h Hash, err error) {
	if len(text) != 2*len(h) || strings.ToLower(text) != text {
		return h, fmt.Errorf("%q is not a SHA-256 in lower-case hex", text)
	}
	_, err = hex.Decode(h[:], []byte(text))
	return h, err
}

// rowHasher hashes rows that come in batches of any size into leaves.
type rowHasher struct {
	columns []ResultColumn
	slots   []slot
	block   []byte // encoding of the rows of the block under way, after leafPrefix
	rows    int    // in that block
	leaf    func(Hash)
}

// newRowHasher calls leaf for every block of rows, in order.
func newRowHasher(columns []ResultColumn, leaf func(Hash)) *rowHasher {
	h := &rowHasher{columns: columns, leaf: leaf, block: []byte{leafPrefix}, slots: make([]slot, len(columns))}
	for i := range columns {
		h.slots[i] = columns[i].slot()
	}
	return h
}

// add encodes the rows of b.
func (h *rowHasher) add(b *ResultBatch) {
	for row := range b.N {
		for c := range h.columns {
			h.block = h.appendCell(h.block, c, &b.Columns[c], row)
		}
		if h.rows++; h.rows == digestBlock {
			h.finish()
		}
	}
}

// finish hashes the block under way, if it holds rows.
func (h *rowHasher) finish() {
	if h.rows > 0 {
		h.leaf(hashLeaf(h.block))
	}
	h.block, h.rows = h.block[:1], 0
}

func (h *rowHasher) appendCell(dst []byte, c int, v *ResultVector, row int) []byte {
	s := h.slots[c]
	if s == slotFloats {
		return dst
	}
	if v.isNull(s, row) {
		return append(dst, cellNull)
	}
	switch s {
	case slotWide:
		a := v.Wide[row]
		dst = append(dst, cellPresent)
		dst = binary.BigEndian.AppendUint64(dst, uint64(a.Hi))
		return binary.BigEndian.AppendUint64(dst, a.Lo)
	case slotFlags:
		return append(dst, cellPresent, v.Flags[row])
	case slotText:
		text := v.Text.At(row)
		if h.columns[c].Type == ColHash {
			dst = append(dst, cellPresent, 0, 0, 0, byte(2*len(text)))
			return hex.AppendEncode(dst, text)
		}
		dst = append(dst, cellPresent)
		dst = binary.BigEndian.AppendUint32(dst, uint32(len(text)))
		return append(dst, text...)
	}
	x := v.Ints[row]
	if h.columns[c].Type == ColID {
		return appendIntID(dst, uint64(x))
	}
	dst = append(dst, cellPresent)
	dst = binary.BigEndian.AppendUint64(dst, uint64(x>>63))
	return binary.BigEndian.AppendUint64(dst, uint64(x))
}

const digitPairs = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"

// appendIntID encodes an integer id as its canonical text; ids are most of a result's cells.
func appendIntID(dst []byte, x uint64) []byte {
	const most = 5 + 20
	if cap(dst)-len(dst) < most {
		dst = slices.Grow(dst, most)
	}
	n := decimalDigits(x)
	at := len(dst)
	dst = dst[:at+5+n]
	dst[at], dst[at+1], dst[at+2], dst[at+3], dst[at+4] = cellPresent, 0, 0, 0, byte(n)
	i := len(dst)
	for x >= 100 {
		p := x % 100 * 2
		x /= 100
		i -= 2
		dst[i], dst[i+1] = digitPairs[p], digitPairs[p+1]
	}
	if x >= 10 {
		dst[i-2], dst[i-1] = digitPairs[2*x], digitPairs[2*x+1]
	} else {
		dst[i-1] = byte('0' + x)
	}
	return dst
}

var powersOfTen = [20]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19}

// decimalDigits is the number of decimal digits of x. 1233/4096 is a little above log₁₀ 2, close enough to 64 bits.
func decimalDigits(x uint64) int {
	guess := bits.Len64(x|1) * 1233 >> 12
	if x|1 >= powersOfTen[guess] {
		guess++
	}
	return guess
}

// TableRoot is a table's part of a result root.
type TableRoot struct {
	Name string
	Rows int64
	Root Hash
}

// Parameter is a setting by name.
type Parameter struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// ResultRoot computes the root of a result from its tables' roots and the parameters that change results, whatever
// their order. Names must differ.
func ResultRoot(tables []TableRoot, params []Parameter) Hash {
	tables, params = slices.Clone(tables), slices.Clone(params)
	slices.SortFunc(tables, func(a, b TableRoot) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(params, func(a, b Parameter) int { return strings.Compare(a.Name, b.Name) })
	var tree MerkleTree
	for _, t := range tables {
		leaf := appendCounted([]byte{leafPrefix, leafTable}, t.Name)
		leaf = append(leaf, make([]byte, 16)...)
		Int128Of(t.Rows).putBigEndian(leaf[len(leaf)-16:])
		tree.Add(hashLeaf(append(leaf, t.Root[:]...)))
	}
	leaf := binary.BigEndian.AppendUint32([]byte{leafPrefix, leafParameters}, uint32(len(params)))
	for _, p := range params {
		leaf = appendCounted(appendCounted(leaf, p.Name), p.Value)
	}
	tree.Add(hashLeaf(leaf))
	return tree.Root()
}

func appendCounted(dst []byte, text string) []byte {
	if len(text) > math.MaxUint32 {
		panic("arrow: a name of more than 4 GiB")
	}
	return append(binary.BigEndian.AppendUint32(dst, uint32(len(text))), text...)
}
