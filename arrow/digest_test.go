package arrow

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// slowTree is RFC 6962 §2.1 as written there.
func slowTree(leaves [][]byte) Hash {
	switch n := len(leaves); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, leaves[0]...))
	default:
		k := 1
		for 2*k < n {
			k *= 2
		}
		left, right := slowTree(leaves[:k]), slowTree(leaves[k:])
		return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
	}
}

func TestMerkleTree(t *testing.T) {
	var leaves [][]byte
	var tree MerkleTree
	for n := range 200 {
		if got, want := tree.Root(), slowTree(leaves); got != want {
			t.Fatalf("%d leaves: root %v, want %v", n, got, want)
		}
		leaf := []byte(fmt.Sprint("leaf ", n))
		leaves = append(leaves, leaf)
		tree.Add(hashLeaf(append([]byte{leafPrefix}, leaf...)))
	}
}

// RFC 9162's predecessor's own vectors, as in Certificate Transparency's reference tests.
func TestMerkleTreeKnown(t *testing.T) {
	inputs := []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	roots := []string{"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}
	var tree MerkleTree
	for i, in := range inputs {
		data, _ := hex.DecodeString(in)
		tree.Add(hashLeaf(append([]byte{leafPrefix}, data...)))
		if got := tree.Root().String(); got != roots[i] {
			t.Errorf("%d leaves: %s, want %s", i+1, got, roots[i])
		}
	}
}

// slowCell encodes a cell from its text alone, by the page at the top of digest.go.
func slowCell(kind ColumnType, text string) []byte {
	if text == "" {
		return []byte{0}
	}
	out := []byte{1}
	switch kind {
	case ColID, ColText, ColHash:
		out = append(out, byte(len(text)>>24), byte(len(text)>>16), byte(len(text)>>8), byte(len(text)))
		return append(out, text...)
	case ColFlag:
		return append(out, map[string]byte{"false": 0, "true": 1}[text])
	}
	v, ok := new(big.Int).SetString(text, 10)
	if !ok {
		panic(text)
	}
	if v.Sign() < 0 {
		v.Add(v, new(big.Int).Lsh(big.NewInt(1), 128))
	}
	return append(out, v.FillBytes(make([]byte, 16))...)
}

var digestColumns = []ResultColumn{{Name: "i", Type: ColID, IntIDs: true, Nullable: true}, {Name: "t", Type: ColID, Nullable: true},
	{Name: "h", Type: ColHash, Nullable: true}, {Name: "n", Type: ColText, Nullable: true}, {Name: "d", Type: ColDecimal6, Nullable: true},
	{Name: "w", Type: ColDecimal0, Nullable: true}, {Name: "x", Type: ColInt64, Nullable: true}, {Name: "m", Type: ColMicro, Nullable: true},
	{Name: "at", Type: ColTime, Nullable: true}, {Name: "f", Type: ColFlag, Nullable: true}, {Name: "rate", Type: ColFloat64, Nullable: true}}

// digestRow draws a row and returns its encoding, made from texts.
func digestRow(r *rand.Rand, b *ResultBatch, i int) (want []byte) {
	ints := []int64{0, 1, 9, 10, 99, 100, 101, 12345, math.MaxInt64, -1, math.MinInt64, r.Int64()}
	for c := range digestColumns {
		v, kind := &b.Columns[c], digestColumns[c].Type
		null := r.IntN(5) == 0
		v.Null[i] = null
		text := ""
		switch digestColumns[c].slot() {
		case slotInts:
			v.Ints[i] = ints[r.IntN(len(ints))]
			if kind == ColID {
				v.Ints[i] &= math.MaxInt64
			}
			text = fmt.Sprint(v.Ints[i])
		case slotWide:
			v.Wide[i] = awkward128(r)
			text = bigOf(v.Wide[i]).String()
		case slotFlags:
			v.Flags[i] = uint8(r.IntN(2))
			text = fmt.Sprint(v.Flags[i] == 1)
		case slotFloats:
			v.Floats[i] = r.Float64()
			continue
		case slotText:
			text = awkwardTexts[r.IntN(len(awkwardTexts))]
			raw := []byte(text)
			if kind == ColHash {
				sum := sha256.Sum256(raw)
				raw, text = sum[:], hex.EncodeToString(sum[:])
			}
			if null {
				raw = nil
			}
			v.Text.Append(raw)
		}
		if null {
			text = ""
		}
		want = append(want, slowCell(kind, text)...)
	}
	return want
}

// The table root, computed from the texts of the cells by the slow tree, over batches of uneven sizes.
func TestRowHasher(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, rows := range []int{0, 1, 2, 1023, 1024, 1025, 2048, 5000} {
		var leaves [][]byte
		var tree MerkleTree
		h := newRowHasher(digestColumns, tree.Add)
		var b ResultBatch
		for done := 0; done < rows; {
			b.Reset(digestColumns, min(1+r.IntN(700), rows-done))
			for i := range b.N {
				if (done+i)%digestBlock == 0 {
					leaves = append(leaves, nil)
				}
				last := &leaves[len(leaves)-1]
				*last = append(*last, digestRow(r, &b, i)...)
			}
			h.add(&b)
			done += b.N
		}
		h.finish()
		if got, want := tree.Root(), slowTree(leaves); got != want {
			t.Errorf("%d rows: root %v, want %v", rows, got, want)
		}
	}
}

// The vectors of the page at the top of digest.go.
func TestDigestVectors(t *testing.T) {
	columns := []ResultColumn{{Name: "id", Type: ColID, IntIDs: true}, {Name: "value", Type: ColDecimal6},
		{Name: "note", Type: ColText, Nullable: true}, {Name: "common", Type: ColFlag}}
	var b ResultBatch
	b.Reset(columns, 1)
	b.Columns[0].Ints[0], b.Columns[1].Wide[0], b.Columns[3].Flags[0] = 7, Int128Of(-1), 1
	b.Columns[2].Text.Append(nil)
	var tree MerkleTree
	h := newRowHasher(columns, tree.Add)
	for c := range columns {
		h.block = h.appendCell(h.block, c, &b.Columns[c], 0)
	}
	const row = "010000000137" + "01ffffffffffffffffffffffffffffffff" + "00" + "0101"
	if got := hex.EncodeToString(h.block[1:]); got != row {
		t.Errorf("the row is %s, want %s", got, row)
	}
	h.block = h.block[:1]
	h.add(&b)
	h.finish()
	if got := tree.Root().String(); got != vectorTable {
		t.Errorf("the table's root is %s, want %s", got, vectorTable)
	}
	if got := new(MerkleTree).Root().String(); got != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Errorf("the root of no rows is %s", got)
	}
	root := ResultRoot([]TableRoot{{"b", 0, new(MerkleTree).Root()}, {"a", 1, tree.Root()}}, []Parameter{{"until", "2"}, {"after", "1"}})
	if root.String() != vectorResult {
		t.Errorf("the result's root is %s, want %s", root, vectorResult)
	}
}

const (
	vectorTable  = "11083cd8ebb64726d54ac76a0370e7b49a920a09878e470366fb73ab6488b70b"
	vectorResult = "eebf60c5c3c861cb274ad0ff5bdb3f95d1819d976d25cafc2c95bf5780489e7a"
)

func TestResultRootSlow(t *testing.T) {
	raw, _ := hex.DecodeString("010000000137" + "01ffffffffffffffffffffffffffffffff" + "00" + "0101")
	a, none := slowTree([][]byte{raw}), slowTree(nil)
	count := func(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	rows := func(n byte) []byte { return append(make([]byte, 15), n) }
	want := slowTree([][]byte{
		join([]byte{1}, count(1), []byte("a"), rows(1), a[:]),
		join([]byte{1}, count(1), []byte("b"), rows(0), none[:]),
		join([]byte{2}, count(2), count(5), []byte("after"), count(1), []byte("1"), count(5), []byte("until"), count(1), []byte("2")),
	})
	if a.String() != vectorTable || want.String() != vectorResult {
		t.Errorf("table %v, result %v; the vectors say %s, %s", a, want, vectorTable, vectorResult)
	}
}

func TestDecimalDigits(t *testing.T) {
	for _, p := range powersOfTen {
		for _, x := range []uint64{p - 1, p, p + 1, math.MaxUint64} {
			text := fmt.Sprint(x)
			if got := decimalDigits(x); got != len(text) {
				t.Errorf("%d has %d digits, not %d", x, len(text), got)
			}
			want := append([]byte{1, 0, 0, 0, byte(len(text))}, text...)
			if got := appendIntID(nil, x); !bytes.Equal(got, want) {
				t.Errorf("%d is encoded as %x", x, got)
			}
		}
	}
}
