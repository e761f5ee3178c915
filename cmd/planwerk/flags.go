package main

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// moment is a flag holding a time in µs since the epoch, UTC.
type moment struct {
	umicros int64
	set     bool
	text    string
}

func (m *moment) String() string { return m.text }
func (m *moment) Type() string   { return "time" }

func (m *moment) Set(text string) error {
	us, err := parseTime(text)
	if err != nil {
		return err
	}
	*m = moment{us, true, text}
	return nil
}

// parseTime reads RFC 3339, a date (midnight UTC) or an integer of µs since the epoch.
func parseTime(text string) (int64, error) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t, err = time.ParseInLocation(time.DateOnly, text, time.UTC)
	}
	if err != nil {
		return 0, fmt.Errorf("give 2026-01-31T00:00:00Z, 2026-01-31 or an integer of microseconds since 1970")
	}
	if t.Nanosecond()%1000 != 0 {
		return 0, fmt.Errorf("times are exact to the microsecond, this one has more digits")
	}
	return t.UnixMicro(), nil
}

// byteSize is a flag holding a number of bytes: 12GiB, 500MB, 65536.
type byteSize int64

var byteUnits = map[string]int64{
	"": 1, "b": 1,
	"kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12,
	"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
	"k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40,
}

func (b *byteSize) Type() string { return "size" }

func (b *byteSize) String() string {
	if *b == 0 {
		return ""
	}
	return humanBytes(int64(*b))
}

func (b *byteSize) Set(text string) error {
	n, err := parseScaled(text, byteUnits)
	if err != nil || n < 1 {
		return fmt.Errorf("give a number of bytes such as 12GiB, 500MB or 65536")
	}
	*b = byteSize(n)
	return nil
}

// count is a flag holding a number of rows: 10M, 100k, 2500.
type count int64

var countUnits = map[string]int64{"": 1, "k": 1e3, "m": 1e6, "g": 1e9, "b": 1e9}

func (c *count) Type() string   { return "count" }
func (c *count) String() string { return strconv.FormatInt(int64(*c), 10) }

func (c *count) Set(text string) error {
	n, err := parseScaled(text, countUnits)
	if err != nil || n < 0 {
		return fmt.Errorf("give a number such as 10M, 100k or 2500")
	}
	*c = count(n)
	return nil
}

// parseScaled reads a decimal number with a unit, such as 1.5GiB; the product must be whole and fit an int64.
func parseScaled(text string, units map[string]int64) (int64, error) {
	text = strings.ReplaceAll(strings.TrimSpace(text), "_", "")
	cut := len(text)
	for cut > 0 && (text[cut-1] < '0' || text[cut-1] > '9') && text[cut-1] != '.' {
		cut--
	}
	unit, known := units[strings.ToLower(strings.TrimSpace(text[cut:]))]
	if !known {
		return 0, fmt.Errorf("unknown unit in %q", text)
	}
	number, ok := parseRatio(strings.TrimSpace(text[:cut]))
	if !ok {
		return 0, fmt.Errorf("no number in %q", text)
	}
	number.Mul(number, new(big.Rat).SetInt64(unit))
	if !number.IsInt() || !number.Num().IsInt64() {
		return 0, fmt.Errorf("%q is not a whole number within range", text)
	}
	return number.Num().Int64(), nil
}

// ratio is a flag holding an exact share of one: 1/10, 0.1.
type ratio struct {
	num, den int64
	set      bool
}

func (r *ratio) Type() string { return "ratio" }

func (r *ratio) String() string {
	if !r.set {
		return ""
	}
	return fmt.Sprintf("%d/%d", r.num, r.den)
}

func (r *ratio) Set(text string) error {
	q, ok := parseRatio(text)
	if !ok || q.Sign() < 0 || !q.Num().IsInt64() || !q.Denom().IsInt64() {
		return fmt.Errorf("give a share such as 1/10 or 0.1")
	}
	*r = ratio{q.Num().Int64(), q.Denom().Int64(), true}
	return nil
}

// parseRatio reads digits, digits.digits or digits/digits; no exponents, which could ask for any amount of memory.
func parseRatio(text string) (*big.Rat, bool) {
	if len(text) > 40 || strings.ContainsFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789./", r) }) {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// humanBytes prints a size with a binary unit.
func humanBytes(n int64) string {
	const units = "KMGTPE"
	v, i := float64(n), -1
	for math.Abs(v) >= 1024 && i < len(units)-1 {
		v, i = v/1024, i+1
	}
	if i < 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.3g %ciB", v, units[i])
}

// humanCount prints a count in groups of three digits.
func humanCount(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return sign + s
}
