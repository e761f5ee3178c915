package ledger

import (
	"encoding/binary"
	"slices"
)

// Ids that are hashes are texts of hexadecimal digits. They are held packed, two digits a byte: half the memory, and half to
// compare. leastPacked is the number of digits from which on a text is packed, above that of any integer.
const leastPacked = 20

const (
	ones       = 0x0101010101010101
	lowNibbles = 0x0f * ones
)

// mayBeHex says of most texts that are not hexadecimal, at a glance, that packHex will refuse them.
func mayBeHex(text []byte) bool {
	return len(text) >= leastPacked && isDigit(text[0]) && isDigit(text[len(text)-1])
}

func isDigit(c byte) bool { return c-'0' < 10 || c-'a' < 6 }

// packHex appends the bytes of a text of lower-case hexadecimal digits; ok is false, and dst as long as it was, where the
// text is another, or too short.
func packHex(dst, text []byte) (packed []byte, ok bool) {
	if len(text) < leastPacked || len(text)%2 != 0 {
		return dst, false
	}
	if _, bad := packEight(binary.LittleEndian.Uint64(text)); bad != 0 {
		return dst, false
	}
	before := len(dst)
	dst = slices.Grow(dst, len(text)/2)
	for ; len(text) >= 8; text = text[8:] {
		four, bad := packEight(binary.LittleEndian.Uint64(text))
		if bad != 0 {
			return dst[:before], false
		}
		dst = binary.LittleEndian.AppendUint32(dst, four)
	}
	last := [8]byte{'0', '0', '0', '0', '0', '0', '0', '0'}
	copy(last[:], text)
	four, bad := packEight(binary.LittleEndian.Uint64(last[:]))
	if bad != 0 {
		return dst[:before], false
	}
	for range len(text) / 2 {
		dst = append(dst, byte(four))
		four >>= 8
	}
	return dst, true
}

// packEight gives the four bytes of eight digits; bad is not 0 where one of them is no lower-case hexadecimal digit.
func packEight(text uint64) (four uint32, bad uint64) {
	v := text&lowNibbles + text>>6&ones*9
	bad = digits(v&lowNibbles) ^ text | v&^lowNibbles
	v = (v<<4 | v>>8) & 0x00ff00ff00ff00ff
	v = (v | v>>8) & 0x0000ffff0000ffff
	return uint32(v | v>>16), bad
}

// digits gives the digits of eight numbers below 16, a byte each.
func digits(v uint64) uint64 { return v + '0'*ones + (v+6*ones)>>4&ones*('a'-'0'-10) }

// appendHex appends packed bytes as lower-case hexadecimal digits.
func appendHex(dst, packed []byte) []byte {
	for ; len(packed) >= 4; packed = packed[4:] {
		v := uint64(binary.LittleEndian.Uint32(packed))
		v = (v | v<<16) & 0x0000ffff0000ffff
		v = (v | v<<8) & 0x00ff00ff00ff00ff
		dst = binary.LittleEndian.AppendUint64(dst, digits((v>>4|v<<8)&lowNibbles))
	}
	for _, b := range packed {
		two := digits(uint64(b>>4) | uint64(b&15)<<8)
		dst = append(dst, byte(two), byte(two>>8))
	}
	return dst
}
