package arrow

import (
	"fmt"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// parquetColumn says how one column of a file becomes one of ours.
type parquetColumn struct {
	index    int // leaf of the file's schema; −1: not in the file
	want     Column
	physical parquet.Type
	width    int // bytes of a fixed-length value
	optional bool
	unsigned bool // 32- or 64-bit integers without a sign
	rule     intRule
	bytes    byteUse
	scale    float64 // of integers read as floats
	allNull  bool    // the type of a column that never had a value
}

// byteUse says what byte arrays of a column are.
type byteUse uint8

const (
	bytesNone    byteUse = iota
	bytesText            // UTF-8: a text or an id
	bytesBinary          // an id in lower-case hex
	bytesDecimal         // a big-endian integer
	bytesHalf            // a 16-bit float
)

// mapParquetColumn finds how to read a wanted column from a leaf of the schema.
func mapParquetColumn(want Column, leaf *schema.Column, index int) (*parquetColumn, *cellError) {
	c := &parquetColumn{index: index, want: want, physical: leaf.PhysicalType(), width: leaf.TypeLength(), rule: keepRule, scale: 1}
	if leaf.MaxRepetitionLevel() > 0 || leaf.MaxDefinitionLevel() > 1 {
		return nil, &cellError{"is nested", "write it as a flat column"}
	}
	c.optional = leaf.MaxDefinitionLevel() == 1
	t := describeLeaf(leaf)
	c.unsigned = t.unsigned
	if t.null && c.optional {
		c.allNull = true
		return c, nil
	}
	if c.physical == parquet.Types.Int96 {
		return nil, &cellError{"is INT96, which has no fixed meaning", "write times as timestamp in microseconds"}
	}
	var bad *cellError
	switch want.Kind {
	case KindID:
		bad = c.mapID(t)
	case KindValue, KindAmount, KindDecimal:
		bad = c.mapDecimal(t)
	case KindTime:
		bad = c.mapTime(t)
	case KindMinutes:
		bad = c.mapMinutes(t)
	case KindFlag:
		if c.physical != parquet.Types.Boolean {
			bad = wrongType(t, "a flag", "write it as bool")
		}
	case KindText:
		c.bytes = bytesText
		if c.physical != parquet.Types.ByteArray || t.decimal {
			bad = wrongType(t, "a text", "write it as utf8")
		}
	case KindWide:
		bad = c.mapWide(t)
	case KindFloat:
		bad = c.mapFloat(t)
	}
	return c, bad
}

// leafType is what matters of a leaf's type.
type leafType struct {
	physical   parquet.Type
	name       string
	decimal    bool
	precision  int
	scale      int
	unsigned   bool
	text       bool
	date, time bool // time: of day
	unit       schema.TimeUnitType
	timestamp  bool
	float16    bool
	null       bool
}

func (t *leafType) integer() bool {
	return (t.physical == parquet.Types.Int32 || t.physical == parquet.Types.Int64) && !t.decimal && !t.date && !t.time && !t.timestamp
}

func (t *leafType) bytes() bool {
	return (t.physical == parquet.Types.ByteArray || t.physical == parquet.Types.FixedLenByteArray) && !t.decimal && !t.float16
}

func describeLeaf(leaf *schema.Column) *leafType {
	t := &leafType{physical: leaf.PhysicalType(), name: leaf.PhysicalType().String()}
	logical := leaf.LogicalType()
	if logical == nil || logical.IsNone() || !logical.IsValid() {
		if c := leaf.ConvertedType(); c != schema.ConvertedTypes.None && c != schema.ConvertedTypes.NA {
			dec := leaf.SchemaNode().(*schema.PrimitiveNode).DecimalMetadata()
			logical = c.ToLogicalType(dec)
		}
	}
	switch l := logical.(type) {
	case schema.StringLogicalType, schema.EnumLogicalType, schema.JSONLogicalType:
		t.text = true
	case schema.DecimalLogicalType:
		t.decimal, t.precision, t.scale = true, int(l.Precision()), int(l.Scale())
	case schema.DateLogicalType:
		t.date = true
	case schema.TimeLogicalType:
		t.time = true
	case schema.TimestampLogicalType:
		t.timestamp, t.unit = true, l.TimeUnit()
	case schema.IntLogicalType:
		t.unsigned = !l.IsSigned()
	case schema.Float16LogicalType:
		t.float16 = true
	case schema.NullLogicalType, schema.UnknownLogicalType:
		t.null = true
	}
	if logical != nil && !logical.IsNone() {
		t.name += " " + logical.String()
	}
	return t
}

func wrongType(t *leafType, want, hint string) *cellError {
	return &cellError{fmt.Sprintf("has type %s, which cannot be read as %s", t.name, want), hint}
}

func isFloat(t *leafType) bool {
	return t.physical == parquet.Types.Float || t.physical == parquet.Types.Double || t.float16
}

func (c *parquetColumn) mapID(t *leafType) *cellError {
	switch {
	case t.integer():
		c.rule = intRule{mul: 1, div: 1, id: true, unsigned: t.unsigned && t.physical == parquet.Types.Int64}
	case t.bytes() && t.text:
		c.bytes = bytesText
	case t.bytes():
		c.bytes = bytesBinary
	default:
		return wrongType(t, "an id", "write ids as int64, utf8 or binary")
	}
	return nil
}

func (c *parquetColumn) mapDecimal(t *leafType) *cellError {
	switch {
	case isFloat(t):
		return &cellError{fmt.Sprintf("has type %s; a float is not exact", t.name), "write it as decimal(p, 6) or as integers"}
	case t.integer():
		c.rule, _ = decimalRule(0)
		c.rule.unsigned = t.unsigned && t.physical == parquet.Types.Int64
	case t.decimal:
		var bad *cellError
		if c.rule, bad = decimalRule(t.scale); bad != nil {
			return bad
		}
		c.useDecimalBytes()
	default:
		return wrongType(t, "a decimal", "write it as decimal(p, 6) or as integers")
	}
	return nil
}

// useDecimalBytes notes that the decimal lies in byte arrays.
func (c *parquetColumn) useDecimalBytes() {
	if c.physical == parquet.Types.ByteArray || c.physical == parquet.Types.FixedLenByteArray {
		c.bytes = bytesDecimal
	}
}

func (c *parquetColumn) mapTime(t *leafType) *cellError {
	switch {
	case t.timestamp && c.physical == parquet.Types.Int64:
		switch t.unit {
		case schema.TimeUnitMillis:
			c.rule.mul = 1000
		case schema.TimeUnitNanos:
			c.rule.div = 1000
		case schema.TimeUnitMicros:
		default:
			return wrongType(t, "a time", "write it as timestamp in microseconds")
		}
	case t.integer():
		c.rule.unsigned = t.unsigned && t.physical == parquet.Types.Int64
	case t.date && c.physical == parquet.Types.Int32:
		c.rule.mul = 86_400_000_000
	default:
		return wrongType(t, "a time", "write it as timestamp or as int64 microseconds since 1970")
	}
	return nil
}

func (c *parquetColumn) mapMinutes(t *leafType) *cellError {
	switch {
	case t.integer():
		c.rule.unsigned = t.unsigned && t.physical == parquet.Types.Int64
	case t.decimal && t.scale == 0:
		c.useDecimalBytes()
	default:
		return wrongType(t, "whole minutes", "write it as int64")
	}
	return nil
}

func (c *parquetColumn) mapWide(t *leafType) *cellError {
	switch {
	case t.integer():
		c.rule.unsigned = t.unsigned && t.physical == parquet.Types.Int64
	case t.decimal && t.scale == 0:
		c.useDecimalBytes()
	default:
		return wrongType(t, "an integer of 38 digits", "write it as decimal(38, 0)")
	}
	return nil
}

func (c *parquetColumn) mapFloat(t *leafType) *cellError {
	switch {
	case t.physical == parquet.Types.Float || t.physical == parquet.Types.Double:
	case t.float16 && c.width == 2:
		c.bytes = bytesHalf
	case t.integer():
		c.rule.unsigned = t.unsigned && t.physical == parquet.Types.Int64
	case t.decimal && t.scale >= 0 && t.scale <= 38:
		for range t.scale {
			c.scale *= 10
		}
		c.useDecimalBytes()
	default:
		return wrongType(t, "a number", "write it as float64")
	}
	return nil
}
