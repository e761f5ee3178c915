package reference

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"math/big"
	"slices"
	"strconv"
)

// namer makes the ids of one domain.
type namer struct {
	style int
	count uint64
	step  uint64
}

// id makes a new id of a domain: integers, texts or hashes, or all of them.
func (m *maker) id(domain string) string {
	n := m.names[domain]
	if n == nil {
		n = &namer{style: pick(m, 0, 0, 0, 1, 2, 3), step: pick[uint64](m, 1, 1, 3, 37), count: pick[uint64](m, 0, 7, 95)}
		if m.maybe(0.03) { // past the largest integer id
			n.count = 1<<63 - 2 - n.step
		}
		m.names[domain] = n
	}
	n.count += n.step
	style := n.style
	if style == 3 {
		style = m.IntN(3)
	}
	switch style {
	case 1:
		return pick(m, "k", "Z-", "ä", "00", "a b,", `q"`, "a/") + strconv.FormatUint(n.count, 10)
	case 2:
		sum := sha256.Sum256([]byte(domain + strconv.FormatUint(n.count, 10)))
		return hex.EncodeToString(sum[:])
	}
	return strconv.FormatUint(n.count, 10)
}

// timeCell prints a time as integer microseconds; dress gives it other forms.
func timeCell(t int64) string { return strconv.FormatInt(t, 10) }

func flagText(f bool) string { return strconv.FormatBool(f) }

// microCell prints millionths.
func microCell(n int64) string { return shortDecimal(big.NewInt(n)) }

// valueCell makes a value of up to most minutes: often whole, sometimes zero, sometimes down to the last place, rarely huge.
func (m *maker) valueCell(most int64) string {
	switch {
	case m.huge && m.maybe(0.1):
		return pick(m, "9223372036854.775807", "9223372036854", "4611686018427.387904")
	case m.maybe(0.1):
		return "0"
	case m.maybe(0.2):
		return microCell(m.Int64N(most * 1_000_000))
	}
	return strconv.FormatInt(m.Int64N(most)+1, 10)
}

// amount makes an amount in micro-units.
func (m *maker) amount() int64 {
	switch {
	case m.huge && m.maybe(0.2):
		return pick[int64](m, 9223372036854775807, 9000000000000000000, 4611686018427387904)
	case m.maybe(0.15):
		return 1 + m.Int64N(9)
	case m.maybe(0.2):
		return 1 + m.Int64N(50_000_000)
	}
	return (1 + m.Int64N(60)) * 1_000_000
}

// part makes an amount to draw of what is left: some, all, or by mistake more. It says how much will really go.
func (m *maker) part(left int64) (asked, taken int64) {
	switch {
	case left <= 0 || m.odd(0.05):
		asked = left
		if asked < 9e18 {
			asked += 1 + m.Int64N(5_000_000)
		}
		return max(asked, 1), max(left, 0)
	case m.maybe(0.3):
		return left, left
	}
	asked = 1 + m.Int64N(left)
	if asked > 1_000_000 && m.maybe(0.6) {
		asked -= asked % 1_000_000
	}
	return asked, asked
}

// dress rewrites cells in other forms of the same content: times, flags, decimals.
func (m *maker) dress() {
	style := m.IntN(4) // 0 leaves everything as it is
	if style == 0 {
		return
	}
	for _, t := range schema {
		for _, r := range m.e[t.name] {
			for _, c := range t.columns {
				if s := r[c.name]; s != "" && m.maybe(0.5) {
					r[c.name] = m.redress(c.kind, s)
				}
			}
		}
	}
	if style == 2 { // a column the format does not know
		for _, name := range slices.Sorted(maps.Keys(m.e)) {
			for _, r := range m.e[name] {
				if m.maybe(0.3) {
					r["remark"] = "?"
				}
			}
		}
	}
}

func (m *maker) redress(k kind, s string) string {
	v, err := readCell(k, s)
	if err != nil {
		return s
	}
	switch k {
	case kindTime:
		if text := timeText(v.num); v.num.Sign() >= 0 && v.num.Int64()%day == 0 && len(text) == 20 && m.maybe(0.5) {
			return text[:10]
		} else if len(text) > 19 {
			return text
		}
	case kindFlag:
		return v.num.String()
	case kindMicro:
		return pick(m, fixedDecimal(v.num), s)
	}
	return s
}
