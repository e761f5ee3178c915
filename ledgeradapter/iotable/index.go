package iotable

import (
	"fmt"
	"strconv"
)

// index numbers codes 0 … n−1 in the order of their first appearance. As long as they are 0, 1, 2, … no dictionary is
// kept, so that tables of many millions of products cost nothing.
type index struct {
	n      int
	list   []string         // nil while codes are their own numbers
	number map[string]int32 // likewise
}

// most is the largest number of products.
const most = 1<<31 - 1

// add numbers a code; fresh is false when it has a number already.
func (x *index) add(code []byte) (number int32, fresh bool) {
	if x.list == nil {
		if k, ok := plainNumber(code); ok && k <= int64(x.n) && x.n < most {
			if k == int64(x.n) {
				x.n++
				return int32(k), true
			}
			return int32(k), false
		}
		x.spell()
	}
	if k, ok := x.number[string(code)]; ok {
		return k, false
	}
	text := string(code)
	x.number[text] = int32(x.n)
	x.list = append(x.list, text)
	x.n++
	return int32(x.n - 1), true
}

// spell makes the dictionary.
func (x *index) spell() {
	x.list, x.number = make([]string, x.n), make(map[string]int32, x.n)
	for k := range x.list {
		x.list[k] = strconv.Itoa(k)
		x.number[x.list[k]] = int32(k)
	}
}

// find gives the number of a code, −1 for none.
func (x *index) find(code []byte) int32 {
	if x.list == nil {
		if k, ok := plainNumber(code); ok && k < int64(x.n) {
			return int32(k)
		}
		return -1
	}
	if k, ok := x.number[string(code)]; ok {
		return k
	}
	return -1
}

func (x *index) text(k int) string {
	if x.list == nil {
		return strconv.Itoa(k)
	}
	return x.list[k]
}

// texts are all codes, nil when they are their own numbers.
func (x *index) texts() []string { return x.list }

// same reports whether two indices number the same codes in the same way.
func (x *index) same(y *index) bool {
	if x.n != y.n {
		return false
	}
	if x.list == nil && y.list == nil {
		return true
	}
	for k := range x.n {
		if x.text(k) != y.text(k) {
			return false
		}
	}
	return true
}

// translate gives for each code of x its number in y.
func (x *index) translate(y *index) ([]int32, error) {
	at := make([]int32, x.n)
	for k := range at {
		if at[k] = y.find([]byte(x.text(k))); at[k] < 0 {
			return nil, fmt.Errorf("code %q is missing", x.text(k))
		}
	}
	return at, nil
}

// differs names a code that one of two indices has and the other has not.
func (x *index) differs(y *index, nameX, nameY string) string {
	for k := range x.n {
		if y.find([]byte(x.text(k))) < 0 {
			return fmt.Sprintf("code %q is in %s only", clip([]byte(x.text(k))), nameX)
		}
	}
	for k := range y.n {
		if x.find([]byte(y.text(k))) < 0 {
			return fmt.Sprintf("code %q is in %s only", clip([]byte(y.text(k))), nameY)
		}
	}
	return "the same codes"
}

// plainNumber reads an integer in canonical decimal form.
func plainNumber(b []byte) (n int64, ok bool) {
	if len(b) == 0 || len(b) > 10 || b[0] == '0' && len(b) > 1 {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int64(c-'0')
	}
	return n, true
}
