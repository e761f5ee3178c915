package ledger

import (
	"math"
	"strconv"
	"time"

	"planwerk/kernels"
)

// AppendDecimal appends v millionths as the shortest decimal: 12.5, -0.000001, 3.
func AppendDecimal(dst []byte, v int64) []byte {
	u := uint64(v)
	if v < 0 {
		dst = append(dst, '-')
		u = -u
	}
	dst = strconv.AppendUint(dst, u/1e6, 10)
	frac := u % 1e6
	if frac == 0 {
		return dst
	}
	dst = append(dst, '.')
	for unit := uint64(1e5); frac > 0; unit /= 10 {
		dst = append(dst, byte('0'+frac/unit))
		frac %= unit
	}
	return dst
}

// AppendTime appends a time in µs as RFC 3339 in UTC, the fraction only when there is one; outside the years 0 … 9999
// as the integer.
func AppendTime(dst []byte, us int64) []byte {
	t := time.UnixMicro(us).UTC()
	if t.Year() < 0 || t.Year() > 9999 {
		return strconv.AppendInt(dst, us, 10)
	}
	return t.AppendFormat(dst, time.RFC3339Nano)
}

// appendCell appends the canonical text of one cell that is not an id; nothing for null.
func (c *RawColumn) appendCell(dst []byte, kind Kind, row int) []byte {
	if c.Absent {
		return dst
	}
	switch kind {
	case KindFlag:
		return appendFlag(dst, c.Flag[row])
	case KindText:
		if len(c.Text.Offsets) == 0 {
			return dst
		}
		return append(dst, c.Text.Data[c.Text.Offsets[row]:c.Text.Offsets[row+1]]...)
	case KindWide:
		return appendWide(dst, c.Wide[row])
	}
	return appendInt(dst, kind, c.Int[row])
}

func appendFlag(dst []byte, v uint8) []byte {
	switch v {
	case 0:
		return append(dst, "false"...)
	case 1:
		return append(dst, "true"...)
	}
	return dst
}

func appendWide(dst []byte, v kernels.Int128) []byte {
	if v.IsNull() {
		return dst
	}
	return v.Big().Append(dst, 10)
}

func appendInt(dst []byte, kind Kind, v int64) []byte {
	switch {
	case v == math.MinInt64:
		return dst
	case kind == KindTime:
		return AppendTime(dst, v)
	case kind == KindMinutes:
		return strconv.AppendInt(dst, v, 10)
	}
	return AppendDecimal(dst, v)
}
