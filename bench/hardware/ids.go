package hardware

import (
	"crypto/sha256"

	"planwerk/arrow"
	"planwerk/engine/ledger"
)

// interning gives keys to ids of 32 bytes, a quarter of them new, as a reader does: some tens of thousands at a time.
func interning(e *env) (*work, error) {
	const length, atOnce = 32, 1 << 16
	n := e.pick(1<<14, 1<<23)
	different := n / 4
	names := make([]byte, different*length)
	s := source(5)
	for i := range names {
		names[i] = byte(s.next() >> 56)
	}
	text, offsets := make([]byte, 0, n*length), make([]int32, atOnce+1)
	for range n {
		k := s.below(different) * length
		text = append(text, names[k:k+length]...)
	}
	for i := range offsets {
		offsets[i] = int32(i * length)
	}
	keys := make([]ledger.Key, n)
	return &work{items: int64(n), bytes: 44*int64(n) + 36*int64(different), serial: true,
		run: func(int) error {
			d := ledger.NewDomain("ids")
			for lo := 0; lo < n; lo += atOnce {
				hi := min(lo+atOnce, n)
				d.InternAll(text[lo*length:hi*length], offsets[:hi-lo+1], keys[lo:hi])
			}
			return nil
		},
		digest: func() (string, error) { return add(newDigester(), keys).text() },
	}, nil
}

func hashStandard(e *env) (*work, error) {
	return hashing(e, func(b []byte) [32]byte { return sha256.Sum256(b) })
}

func hashSIMD(e *env) (*work, error) {
	return hashing(e, func(b []byte) [32]byte { return arrow.Digest(b) })
}

// hashing hashes blocks of 64 KiB, about what a leaf of a result's tree holds.
func hashing(e *env, f func([]byte) [32]byte) (*work, error) {
	const block = 64 << 10
	data := make([]byte, e.pick(1<<20, 1<<28))
	s := source(6)
	for i := 0; i < len(data); i += 8 {
		v := s.next()
		for k := range 8 {
			data[i+k] = byte(v >> (8 * k))
		}
	}
	sums := make([][32]byte, len(data)/block)
	return &work{items: int64(len(data)), bytes: int64(len(data)), serial: true,
		run: func(int) error {
			for i := range sums {
				sums[i] = f(data[i*block : (i+1)*block])
			}
			return nil
		},
		digest: func() (string, error) { return add(newDigester(), sums).text() },
	}, nil
}
