package arrow

// Hash is a SHA-256 digest.
type Hash [32]byte

// MerkleTree computes the root of an RFC 6962 tree (§2.1) over leaves added in order: a leaf is SHA-256(0x00 ‖ data), a
// node SHA-256(0x01 ‖ left ‖ right), n leaves are split at the largest power of two below n, and the empty tree is
// SHA-256 of nothing. It holds one hash per bit of the number of leaves. The zero value is the empty tree.
type MerkleTree struct {
	stack []Hash // roots of complete subtrees, the largest first: one per bit set in count
	count uint64
}

// Len is the number of leaves.
func (t *MerkleTree) Len() uint64 { return t.count }

// Add appends a leaf by its hash.
func (t *MerkleTree) Add(leaf Hash) {
	t.stack = append(t.stack, leaf)
	for c := t.count; c&1 == 1; c >>= 1 {
		n := len(t.stack)
		t.stack[n-2] = hashNode(t.stack[n-2], t.stack[n-1])
		t.stack = t.stack[:n-1]
	}
	t.count++
}

// Root is the root over the leaves so far.
func (t *MerkleTree) Root() Hash {
	if t.count == 0 {
		return sha256Sum(nil)
	}
	root := t.stack[len(t.stack)-1]
	for i := len(t.stack) - 2; i >= 0; i-- {
		root = hashNode(t.stack[i], root)
	}
	return root
}

const (
	leafPrefix = 0x00
	nodePrefix = 0x01
)

func hashNode(left, right Hash) Hash {
	var b [1 + 2*len(left)]byte
	b[0] = nodePrefix
	copy(b[1:], left[:])
	copy(b[1+len(left):], right[:])
	return sha256Sum(b[:])
}

// hashLeaf hashes data that begins with leafPrefix.
func hashLeaf(prefixed []byte) Hash { return sha256Sum(prefixed) }
