package arrow

import (
	"fmt"

	aa "github.com/apache/arrow-go/v18/arrow"
)

// mapArrow says how integers of an Arrow type become cells of a column, or why they cannot.
func mapArrow(want Column, dt aa.DataType) (intRule, *cellError) {
	switch t := dt.(type) {
	case aa.ExtensionType:
		return mapArrow(want, t.StorageType())
	case *aa.DictionaryType:
		return mapArrow(want, t.ValueType)
	case *aa.NullType:
		return keepRule, nil
	}
	no := func(as, hint string) (intRule, *cellError) {
		return keepRule, &cellError{fmt.Sprintf("has type %s, which cannot be read as %s", dt, as), hint}
	}
	rule := keepRule
	integer := aa.IsInteger(dt.ID())
	rule.unsigned = dt.ID() == aa.UINT64
	scale, isDecimal := int32(0), aa.IsDecimal(dt.ID())
	if isDecimal {
		scale = dt.(aa.DecimalType).GetScale()
	}
	switch want.Kind {
	case KindID:
		rule.id = true
		if !integer && !isArrowText(dt) && !isArrowBinary(dt) {
			return no("an id", "write ids as int64, utf8 or binary")
		}
	case KindValue, KindAmount, KindDecimal:
		switch {
		case aa.IsFloating(dt.ID()):
			return keepRule, &cellError{fmt.Sprintf("has type %s; a float is not exact", dt), "write it as decimal(p, 6) or as integers"}
		case integer || isDecimal:
			r, bad := decimalRule(int(scale))
			r.unsigned = rule.unsigned
			return r, bad
		}
		return no("a decimal", "write it as decimal(p, 6) or as integers")
	case KindTime:
		return mapArrowTime(rule, dt, no)
	case KindMinutes:
		if !integer && !(isDecimal && scale == 0) {
			return no("whole minutes", "write it as int64")
		}
	case KindFlag:
		if dt.ID() != aa.BOOL {
			return no("a flag", "write it as bool")
		}
	case KindText:
		if !isArrowText(dt) {
			return no("a text", "write it as utf8")
		}
	case KindWide:
		if !integer && !(isDecimal && scale == 0) {
			return no("an integer of 38 digits", "write it as decimal(38, 0)")
		}
	case KindFloat:
		if !integer && !isDecimal && !aa.IsFloating(dt.ID()) {
			return no("a number", "write it as float64")
		}
	}
	return rule, nil
}

func mapArrowTime(rule intRule, dt aa.DataType, no func(as, hint string) (intRule, *cellError)) (intRule, *cellError) {
	switch t := dt.(type) {
	case *aa.TimestampType:
		switch t.Unit {
		case aa.Second:
			rule.mul = microsPerSecond
		case aa.Millisecond:
			rule.mul = 1000
		case aa.Nanosecond:
			rule.div = 1000
		}
	case *aa.Date32Type:
		rule.mul = 86400 * microsPerSecond
	case *aa.Date64Type:
		rule.mul = 1000
	default:
		if !aa.IsInteger(dt.ID()) {
			return no("a time", "write it as timestamp or as int64 microseconds since 1970")
		}
	}
	return rule, nil
}

func isArrowText(dt aa.DataType) bool {
	return dt.ID() == aa.STRING || dt.ID() == aa.LARGE_STRING || dt.ID() == aa.STRING_VIEW
}

func isArrowBinary(dt aa.DataType) bool {
	return dt.ID() == aa.BINARY || dt.ID() == aa.LARGE_BINARY || dt.ID() == aa.BINARY_VIEW || dt.ID() == aa.FIXED_SIZE_BINARY
}
