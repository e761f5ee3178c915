package arrow

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// columnStats gathers what Inspect says of a column, and its digest. A cell enters the digest as a byte that says what
// follows (0 nulls, 1 integer, 2 float, 3 bytes) and the value: the number of nulls in a row as 8 bytes, integers as 16
// bytes, floats as their bits, bytes after their length.
type columnStats struct {
	name, typ string
	values    int64
	nulls     int64
	hash      hash.Hash
	block     int // bytes hashed at a time
	buf       []byte
	nullRun   int64 // nulls that the digest has not seen yet
	class     statClass
	show      func(Int128) string // how integers are printed; nil: in decimal

	any            bool
	minInt, maxInt Int128
	minF, maxF     float64
	minB, maxB     []byte
	text           bool
	mixed          textGuess // of CSV and JSON
}

type statClass uint8

const (
	statInt statClass = 1 + iota
	statFloat
	statBytes
)

// Cells are hashed this many bytes at a time when there are few columns.
const hashBlock = 32 << 10

func (s *columnStats) flush() {
	s.hash.Write(s.buf)
	s.buf = s.buf[:0]
}

// nullCells counts n nulls.
func (s *columnStats) nullCells(n int64) {
	s.nulls += n
	s.values += n
	s.nullRun += n
}

// value begins a cell that is not null.
func (s *columnStats) value(class statClass) {
	s.values++
	s.class = class
	if s.nullRun > 0 {
		s.buf = binary.LittleEndian.AppendUint64(append(s.buf, 0), uint64(s.nullRun))
		s.nullRun = 0
	}
	if len(s.buf) >= s.block {
		s.flush()
	}
	s.buf = append(s.buf, byte(class))
}

func (s *columnStats) int64(v int64) { s.int128(Int128Of(v)) }

func (s *columnStats) int128(v Int128) {
	s.value(statInt)
	if !s.any {
		s.any, s.minInt, s.maxInt = true, v, v
	} else if v.less(s.minInt) {
		s.minInt = v
	} else if s.maxInt.less(v) {
		s.maxInt = v
	}
	s.buf = binary.LittleEndian.AppendUint64(s.buf, v.Lo)
	s.buf = binary.LittleEndian.AppendUint64(s.buf, uint64(v.Hi))
}

func (s *columnStats) float(v float64) {
	s.value(statFloat)
	if v == v {
		if !s.any {
			s.any, s.minF, s.maxF = true, v, v
		}
		s.minF, s.maxF = math.Min(s.minF, v), math.Max(s.maxF, v)
	}
	s.buf = binary.LittleEndian.AppendUint64(s.buf, math.Float64bits(v))
}

// keptBytes is how much of a smallest or largest text is kept for printing and comparing.
const keptBytes = 64

func (s *columnStats) bytes(v []byte) {
	s.value(statBytes)
	head := v[:min(len(v), keptBytes)]
	if !s.any {
		s.any, s.minB, s.maxB = true, bytes.Clone(head), bytes.Clone(head)
	} else if bytes.Compare(head, s.minB) < 0 {
		s.minB = append(s.minB[:0], head...)
	} else if bytes.Compare(head, s.maxB) > 0 {
		s.maxB = append(s.maxB[:0], head...)
	}
	s.buf = binary.LittleEndian.AppendUint64(s.buf, uint64(len(v)))
	if len(v) >= s.block {
		s.flush()
		s.hash.Write(v)
		return
	}
	s.buf = append(s.buf, v...)
}

func (s *columnStats) sum() []byte {
	if s.nullRun > 0 {
		s.buf = binary.LittleEndian.AppendUint64(append(s.buf, 0), uint64(s.nullRun))
		s.nullRun = 0
	}
	s.flush()
	return s.hash.Sum(nil)
}

func (s *columnStats) inspected() InspectedColumn {
	c := InspectedColumn{Name: s.name, Type: s.typ, Values: s.values, Nulls: s.nulls}
	if s.mixed.seen() {
		c.Type, c.Min, c.Max = s.mixed.result(s)
		return c
	}
	if !s.any {
		return c
	}
	switch s.class {
	case statInt:
		show := s.show
		if show == nil {
			show = Int128.String
		}
		c.Min, c.Max = show(s.minInt), show(s.maxInt)
	case statFloat:
		c.Min, c.Max = strconv.FormatFloat(s.minF, 'g', -1, 64), strconv.FormatFloat(s.maxF, 'g', -1, 64)
	case statBytes:
		c.Min, c.Max = s.showBytes(s.minB), s.showBytes(s.maxB)
	}
	return c
}

func (s *columnStats) showBytes(b []byte) string {
	if !s.text {
		return hex.EncodeToString(b)
	}
	for len(b) > 0 && len(b) >= keptBytes-utf8.UTFMax && !utf8.Valid(b) { // a character cut in two
		b = b[:len(b)-1]
	}
	return oneLine(string(b))
}

// maxScale is the largest scale that a decimal of 256 bits has digits for.
const maxScale = 76

// showDecimal prints unscaled integers of a scale; with an exponent where a file claims a scale no decimal has.
func showDecimal(scale int) func(Int128) string {
	if scale <= 0 {
		return nil
	}
	if scale > maxScale {
		return func(a Int128) string { return fmt.Sprintf("%ve-%d", a, scale) }
	}
	return func(a Int128) string {
		sign := ""
		if a.Hi < 0 {
			sign, a = "-", a.neg()
		}
		digits := a.String()
		for len(digits) <= scale {
			digits = "0" + digits
		}
		return sign + digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
}

// showTimeIn prints times counted in units of which there are perSecond in a second.
func showTimeIn(perSecond int64) func(Int128) string {
	return func(a Int128) string {
		v := int64(a.Lo)
		sec, rest := v/perSecond, v%perSecond
		if rest < 0 {
			sec, rest = sec-1, rest+perSecond
		}
		t := time.Unix(sec, rest*(1_000_000_000/perSecond)).UTC()
		if y := t.Year(); y < 0 || y > 9999 {
			return fmt.Sprint(v)
		}
		return t.Format(time.RFC3339Nano)
	}
}

func showDate(a Int128) string {
	t := time.Unix(int64(a.Lo)*86400, 0).UTC()
	if y := t.Year(); a.Hi != int64(a.Lo)>>63 || y < 0 || y > 9999 {
		return a.String()
	}
	return t.Format(time.DateOnly)
}

func showBool(a Int128) string { return strconv.FormatBool(a.Lo != 0) }

// textGuess tells what the cells of a text column all are.
type textGuess struct {
	ints, numbers, times, others int64
	minI, maxI                   int64
	minN, maxN                   float64
	minT, maxT                   int64
}

// add looks at one cell that is not empty.
func (g *textGuess) add(cell []byte) {
	if g.others > 0 {
		return
	}
	if v, e := parseInt(cell); e == nil {
		if g.ints++; g.ints == 1 {
			g.minI, g.maxI = v, v
		}
		g.minI, g.maxI = min(g.minI, v), max(g.maxI, v)
	} else if v, e := parseFloat(cell); e == nil {
		if g.numbers++; g.numbers == 1 {
			g.minN, g.maxN = v, v
		}
		g.minN, g.maxN = math.Min(g.minN, v), math.Max(g.maxN, v)
	} else if v, e := parseTime(cell); e == nil {
		if g.times++; g.times == 1 {
			g.minT, g.maxT = v, v
		}
		g.minT, g.maxT = min(g.minT, v), max(g.maxT, v)
	} else {
		g.others++
	}
}

// seen reports that there was a cell.
func (g *textGuess) seen() bool { return g.ints+g.numbers+g.times+g.others > 0 }

func (g *textGuess) result(s *columnStats) (typ, lo, hi string) {
	float := func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
	switch {
	case g.others > 0 || g.times > 0 && g.ints+g.numbers > 0:
		return s.typ, s.showBytes(s.minB), s.showBytes(s.maxB)
	case g.times > 0:
		show := showTimeIn(microsPerSecond)
		return "time", show(Int128Of(g.minT)), show(Int128Of(g.maxT))
	case g.numbers == 0:
		return "integer", strconv.FormatInt(g.minI, 10), strconv.FormatInt(g.maxI, 10)
	case g.ints == 0:
		return "number", float(g.minN), float(g.maxN)
	}
	return "number", float(math.Min(g.minN, float64(g.minI))), float(math.Max(g.maxN, float64(g.maxI)))
}
