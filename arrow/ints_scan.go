package arrow

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
)

// ScanInts hands the rows of a file's integer columns to visit without making a table of them: a block at a time, in
// no particular order, from several goroutines, each with its own worker number below Options.Threads. Integers are
// taken as stored. A column of 32 bits comes in IntVector.Narrow whatever its type in the file. A block is valid during
// the call only; blocks of an uncompressed IPC file lie in the file itself, mapped into memory, and must not be changed.
//
// The file is Parquet or Arrow IPC. Nulls, and what does not fit, are errors of type *Error that name column and row; a
// file that is cut short while it is mapped is an error, too.
func ScanInts(ctx context.Context, f File, columns []IntColumn, opt Options, visit func(worker int, b *IntBlock) error) (err error) {
	defer func() { err = inFile(err, f.Name, "") }()
	if opt.Budget == nil {
		opt.Budget = NewBudget(0)
	}
	opt.Threads = workerCount(opt, math.MaxInt)
	file, err := f.openSame()
	if err != nil {
		return err
	}
	defer file.Close()
	if f.Kind == FileUnknown {
		if f.Kind, err = sniff(file); err != nil {
			return err
		}
	}
	s := &intScan{ctx: ctx, file: file, columns: columns, opt: opt, visit: visit}
	switch f.Kind {
	case FileParquet:
		return s.parquet()
	case FileIPC:
		return s.ipc()
	}
	return fmt.Errorf("a file of kind %v cannot be scanned", f.Kind)
}

// intScan is a scan under way.
type intScan struct {
	ctx     context.Context
	file    *os.File
	columns []IntColumn
	opt     Options
	visit   func(worker int, b *IntBlock) error
}

// wanted are the columns as the readers know them: integers as stored.
func (s *intScan) wanted() []Column {
	out := make([]Column, len(s.columns))
	for i, c := range s.columns {
		out[i] = Column{Name: c.Name, Kind: KindMinutes}
	}
	return out
}

// narrowInts copies integers that fit 32 bits; it returns the place of the first that does not, −1 if all do.
func narrowInts(dst []int32, src []int64) int {
	dst = dst[:len(src)]
	var lost int64
	for i, v := range src {
		dst[i] = int32(v)
		lost |= v - int64(int32(v))
	}
	if lost != 0 {
		for i, v := range src {
			if v != int64(int32(v)) {
				return i
			}
		}
	}
	return -1
}

func beyond32(v int64) *cellError {
	return &cellError{fmt.Sprintf("%d does not fit 32 bits", v), "ask for 64 bits"}
}

// littleEndian tells whether this machine holds integers as Parquet and Arrow IPC do.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1
