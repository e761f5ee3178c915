package reference

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// cell is one non-null value: its canonical text and, for everything counted in integers, the number.
type cell struct {
	text string
	num  *big.Int // µmin, micro-units, µs, minutes or the integer; flags: 1 and 0; nil for ids and texts
}

var (
	maxInt64 = big.NewInt(math.MaxInt64)
	max38    = new(big.Int).Exp(big.NewInt(10), big.NewInt(38), nil) // exclusive
)

// readCell reads the text of a non-null cell.
func readCell(k kind, s string) (cell, error) {
	switch k {
	case kindMicro:
		n, err := readMicro(s)
		if err != nil {
			return cell{}, err
		}
		return cell{shortDecimal(n), n}, inRange(n)
	case kindTime:
		n, err := readTime(s)
		if err != nil {
			return cell{}, err
		}
		return cell{timeText(n), n}, inRange(n)
	case kindMinutes, kindInteger:
		n, ok := new(big.Int).SetString(s, 10)
		if !ok {
			return cell{}, fmt.Errorf("%q is no integer", s)
		}
		if k == kindInteger {
			if n.CmpAbs(max38) >= 0 {
				return cell{}, fmt.Errorf("%q has more than 38 digits", s)
			}
			return cell{n.String(), n}, nil
		}
		return cell{n.String(), n}, inRange(n)
	case kindFlag:
		switch s {
		case "true", "1":
			return cell{"true", big.NewInt(1)}, nil
		case "false", "0":
			return cell{"false", big.NewInt(0)}, nil
		}
		return cell{}, fmt.Errorf("%q is no flag", s)
	case kindFraction:
		if _, ok := new(big.Rat).SetString(s); !ok || strings.ContainsAny(s, "/eE") {
			return cell{}, fmt.Errorf("%q is no decimal", s)
		}
		if strings.Contains(s, ".") {
			s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
		}
		return cell{s, nil}, nil
	}
	return cell{s, nil}, nil
}

func inRange(n *big.Int) error {
	if n.CmpAbs(maxInt64) > 0 {
		return fmt.Errorf("%s does not fit 64 bits", n)
	}
	return nil
}

// readMicro reads decimal text of at most six places as millionths.
func readMicro(s string) (*big.Int, error) {
	whole, fraction, _ := strings.Cut(s, ".")
	if len(fraction) > 6 {
		return nil, fmt.Errorf("%q has more than six places", s)
	}
	n, ok := new(big.Int).SetString(whole+fraction+strings.Repeat("0", 6-len(fraction)), 10)
	if !ok {
		return nil, fmt.Errorf("%q is no decimal", s)
	}
	return n, nil
}

func readTime(s string) (*big.Int, error) {
	if n, ok := new(big.Int).SetString(s, 10); ok {
		return n, nil
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t, err = time.Parse("2006-01-02", s)
	}
	if err != nil || t.Nanosecond()%1000 != 0 {
		return nil, fmt.Errorf("%q is no time in whole microseconds", s)
	}
	n := new(big.Int).Mul(big.NewInt(t.Unix()), big.NewInt(1e6))
	return n.Add(n, big.NewInt(int64(t.Nanosecond()/1000))), nil
}

// timeText prints microseconds as RFC 3339, or as the integer outside the years 0 to 9999.
func timeText(n *big.Int) string {
	if !n.IsInt64() {
		return n.String()
	}
	t := time.UnixMicro(n.Int64()).UTC()
	if t.Year() < 0 || t.Year() > 9999 {
		return strconv.FormatInt(n.Int64(), 10)
	}
	return t.Format("2006-01-02T15:04:05.999999Z")
}

// fixedDecimal prints millionths with all six places.
func fixedDecimal(n *big.Int) string {
	digits := new(big.Int).Abs(n).String()
	if len(digits) < 7 {
		digits = strings.Repeat("0", 7-len(digits)) + digits
	}
	cut := len(digits) - 6
	sign := ""
	if n.Sign() < 0 {
		sign = "-"
	}
	return sign + digits[:cut] + "." + digits[cut:]
}

// shortDecimal prints millionths without trailing zeros.
func shortDecimal(n *big.Int) string {
	return strings.TrimSuffix(strings.TrimRight(fixedDecimal(n), "0"), ".")
}

// lessID is the canonical order of ids: by length of the text, then bytewise.
func lessID(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}
