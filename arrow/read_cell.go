package arrow

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// Cells of CSV and JSON: exact texts into what columns hold. A nil error means success.

const microsPerSecond = 1_000_000

// parseMillionths reads a decimal with at most six places: [-]digits[.digits].
func parseMillionths(b []byte) (int64, *cellError) {
	i, negative := 0, false
	if len(b) > 0 && b[0] == '-' {
		i, negative = 1, true
	}
	start := i
	var v uint64
	for ; i < len(b) && b[i]-'0' <= 9; i++ {
		if v > math.MaxInt64/10 {
			return 0, notMillionths(b)
		}
		v = v*10 + uint64(b[i]-'0')
	}
	if i == start {
		return 0, notMillionths(b)
	}
	places := 0
	if i < len(b) {
		if b[i] != '.' || i+1 == len(b) {
			return 0, notMillionths(b)
		}
		for i++; i < len(b); i++ {
			if b[i]-'0' > 9 || places == decimalPlaces || v > math.MaxInt64/10 {
				return 0, notMillionths(b)
			}
			v = v*10 + uint64(b[i]-'0')
			places++
		}
	}
	for ; places < decimalPlaces; places++ {
		if v > math.MaxInt64/10 {
			return 0, notMillionths(b)
		}
		v *= 10
	}
	if v > math.MaxInt64 {
		return 0, notMillionths(b)
	}
	if negative {
		return -int64(v), nil
	}
	return int64(v), nil
}

// notMillionths says what is wrong with a decimal that parseMillionths refused.
func notMillionths(b []byte) *cellError {
	text := quote(b)
	rest := b
	if len(rest) > 0 && rest[0] == '-' {
		rest = rest[1:]
	}
	point := -1
	for i, c := range rest {
		if c == '.' && point < 0 && i > 0 {
			point = i
		} else if c-'0' > 9 {
			return &cellError{text + " is not a decimal number", "write digits with a point and at most six places, without exponent"}
		}
	}
	switch {
	case len(rest) == 0 || point == len(rest)-1:
		return &cellError{text + " is not a decimal number", "write digits with a point and at most six places, without exponent"}
	case point >= 0 && len(rest)-point-1 > decimalPlaces:
		return &cellError{text + " has more than six places", "round it to six places"}
	}
	return &cellError{text + " is out of range", "at most ±9223372036854.775807 can be held"}
}

// parseInt reads an integer in decimal: [-]digits.
func parseInt(b []byte) (int64, *cellError) {
	i, negative := 0, false
	if len(b) > 0 && b[0] == '-' {
		i, negative = 1, true
	}
	if i == len(b) {
		return 0, &cellError{quote(b) + " is not an integer", "write digits only"}
	}
	var v uint64
	over := false
	for ; i < len(b); i++ {
		if b[i]-'0' > 9 {
			return 0, &cellError{quote(b) + " is not an integer", "write digits only"}
		}
		over = over || v > math.MaxInt64/10
		v = v*10 + uint64(b[i]-'0')
		over = over || v > math.MaxInt64
	}
	if over {
		return 0, outOfRange(quote(b))
	}
	if negative {
		return -int64(v), nil
	}
	return int64(v), nil
}

// parseFlag reads true, false, 1 or 0.
func parseFlag(b []byte) (uint8, *cellError) {
	switch string(b) {
	case "true", "1":
		return 1, nil
	case "false", "0":
		return 0, nil
	case "True", "TRUE", "t", "yes", "False", "FALSE", "f", "no":
		return 0, &cellError{quote(b) + " is not a flag", "write true or false in lower case, or 1 or 0"}
	}
	return 0, &cellError{quote(b) + " is not a flag", "write true, false, 1 or 0"}
}

// parseWide reads an integer of at most 38 digits.
func parseWide(b []byte) (Int128, *cellError) {
	a, ok := parseDecimal(b, 0)
	if ok && a.fits38() {
		return a, nil
	}
	if _, e := parseInt(b); e != nil && !allDigits(b) {
		return a, e
	}
	return a, tooWide(quote(b))
}

func allDigits(b []byte) bool {
	if len(b) > 0 && b[0] == '-' {
		b = b[1:]
	}
	for _, c := range b {
		if c-'0' > 9 {
			return false
		}
	}
	return len(b) > 0
}

// parseFloat reads a finite number for plan tables.
func parseFloat(b []byte) (float64, *cellError) {
	f, err := strconv.ParseFloat(string(b), 64)
	for _, c := range b { // ParseFloat also knows hexadecimal, underscores and words
		if c-'0' > 9 && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E' {
			return f, &cellError{quote(b) + " is not a number", "write it as 1.5 or 1.5e3"}
		}
	}
	if err != nil {
		if math.IsInf(f, 0) {
			return f, &cellError{quote(b) + " is out of range", "numbers go up to about 1.8e308"}
		}
		return f, &cellError{quote(b) + " is not a number", "write it as 1.5 or 1.5e3"}
	}
	return heldFloat(f)
}

func notTime(b []byte) *cellError {
	return &cellError{quote(b) + " is not a time", "write 2026-01-31T12:00:00Z, 2026-01-31 or microseconds since 1970"}
}

// parseTime reads RFC 3339, YYYY-MM-DD (midnight UTC), or an integer of microseconds.
func parseTime(b []byte) (int64, *cellError) {
	if len(b) < 10 || b[4] != '-' || b[7] != '-' {
		if allDigits(b) {
			return parseInt(b)
		}
		return 0, notTime(b)
	}
	year, ok1 := digits(b[0:4])
	month, ok2 := digits(b[5:7])
	day, ok3 := digits(b[8:10])
	if !ok1 || !ok2 || !ok3 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, notTime(b)
	}
	seconds := daysFrom1970(year, month, day) * 86400
	if len(b) == 10 {
		return seconds * microsPerSecond, nil
	}
	return clock(b, seconds)
}

// clock adds the part of a time after the date.
func clock(b []byte, seconds int64) (int64, *cellError) {
	t := b[10:]
	if len(t) < 10 || t[0] != 'T' && t[0] != 't' && t[0] != ' ' || t[3] != ':' || t[6] != ':' {
		return 0, notTime(b)
	}
	hour, ok1 := digits(t[1:3])
	minute, ok2 := digits(t[4:6])
	second, ok3 := digits(t[7:9])
	if !ok1 || !ok2 || !ok3 || hour > 23 || minute > 59 || second > 59 {
		return 0, notTime(b)
	}
	seconds += int64(hour*3600 + minute*60 + second)
	t = t[9:]
	micros := int64(0)
	if t[0] == '.' {
		n := 1
		for unit := int64(100_000); n < len(t) && t[n]-'0' <= 9; n, unit = n+1, unit/10 {
			if unit == 0 && t[n] != '0' {
				return 0, &cellError{quote(b) + " is finer than a microsecond", "round times to microseconds"}
			}
			micros += unit * int64(t[n]-'0')
		}
		if n == 1 {
			return 0, notTime(b)
		}
		t = t[n:]
	}
	offset, ok := zone(t)
	if !ok {
		return 0, notTime(b)
	}
	return (seconds-offset)*microsPerSecond + micros, nil
}

// zone reads Z or ±hh:mm as seconds east of UTC.
func zone(t []byte) (int64, bool) {
	if len(t) == 1 && (t[0] == 'Z' || t[0] == 'z') {
		return 0, true
	}
	if len(t) != 6 || t[0] != '+' && t[0] != '-' || t[3] != ':' {
		return 0, false
	}
	h, ok1 := digits(t[1:3])
	m, ok2 := digits(t[4:6])
	if !ok1 || !ok2 || h > 23 || m > 59 {
		return 0, false
	}
	s := int64(h*3600 + m*60)
	if t[0] == '-' {
		s = -s
	}
	return s, true
}

func digits(b []byte) (v int, ok bool) {
	for _, c := range b {
		if c-'0' > 9 {
			return 0, false
		}
		v = v*10 + int(c-'0')
	}
	return v, true
}

func daysIn(year, month int) int {
	if month == 2 {
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 30 + (month+month>>3)&1
}

func daysFrom1970(year, month, day int) int64 {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// showTime prints microseconds for a message.
func showTime(us int64) string {
	return fmt.Sprint(time.UnixMicro(us).UTC().Format("2006-01-02T15:04:05.999999Z07:00"))
}
