package arrow

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	aa "github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
)

// A file of the tests below has damagedBatches batches of damagedBatchRows rows: ids of eight letters and times in
// nanoseconds.
const damagedBatches, damagedBatchRows = 8, 40

// A damage is what is wrong with one batch.
type damage struct {
	file, batch int
	what        string
}

const (
	badTime    = "a time that is no whole number of microseconds"
	badText    = "an id that is not UTF-8"
	badOffsets = "ids whose offsets go down"
)

// damagedRow is where a damage of one cell lies in its batch.
const damagedRow = 17

func damagedID(row int) string { return fmt.Sprintf("id%06d", row) }

// damagedFiles writes two files with all the damages.
func damagedFiles(t *testing.T, damages []damage, opts ...ipc.Option) []File {
	t.Helper()
	var files []File
	for file, name := range []string{"a.arrow", "b.arrow"} {
		bad := map[int]bool{}
		for _, d := range damages {
			if d.file == file && d.what == badTime {
				bad[d.batch*damagedBatchRows+damagedRow] = true
			}
		}
		const rows = damagedBatches * damagedBatchRows
		ids := makeArray(t, aa.BinaryTypes.String, rows, func(i int) string { return fmt.Sprintf("%q", damagedID(i)) })
		times := makeArray(t, &aa.TimestampType{Unit: aa.Nanosecond}, rows, func(i int) string {
			if bad[i] {
				return fmt.Sprint(i*1000 + 1)
			}
			return fmt.Sprint(i * 1000)
		})
		data := ipcBytes(t, makeRecord([]string{"id", "time"}, []aa.Array{ids, times}), true, damagedBatchRows, opts...)
		for _, d := range damages {
			if d.file == file {
				overwrite(t, data, d)
			}
		}
		files = append(files, writeTestFile(t, name, data))
	}
	return files
}

// overwrite does a damage that no writer would write.
func overwrite(t *testing.T, data []byte, d damage) {
	t.Helper()
	switch d.what {
	case badText:
		at := bytes.Index(data, []byte(damagedID(d.batch*damagedBatchRows+damagedRow)))
		if at < 0 {
			t.Fatal("the id is not in the file")
		}
		data[at] = 0xff
	case badOffsets:
		begin := binary.LittleEndian.AppendUint64(nil, 8<<32) // offsets 0, 8, 16, 24
		begin = binary.LittleEndian.AppendUint64(begin, 16|24<<32)
		at := 0
		for range d.batch + 1 {
			next := bytes.Index(data[at:], begin)
			if next < 0 {
				t.Fatal("the offsets are not in the file")
			}
			at += next + len(begin)
		}
		data[at-12] = 24
	}
}

// readDamaged reads damaged files and gives the fault found.
func readDamaged(t *testing.T, files []File, threads int, names Interner) *Error {
	t.Helper()
	cols := []Column{{Name: "id", Kind: KindID, Interner: names}, {Name: "time", Kind: KindTime}}
	_, err := ReadTable(context.Background(), &Table{Name: "things", Files: files, Columns: cols}, Options{Threads: threads, Budget: NewBudget(1 << 30)})
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%d threads: the error is %v", threads, err)
	}
	return e
}

// TestDamagedBatches holds the error of a damaged batch to the first one in the order of files and batches, with its
// place, at every number of threads.
func TestDamagedBatches(t *testing.T) {
	const cell = 6*damagedBatchRows + damagedRow + 1 // of a damage in batch 6
	const early = 3*damagedBatchRows + damagedRow + 1
	zstd := []ipc.Option{ipc.WithZstd()}
	cases := []struct {
		name    string
		damages []damage
		opts    []ipc.Option
		file    string
		column  string
		row     int64
		what    string // part of it
	}{
		{"cell", []damage{{0, 6, badTime}}, nil, "a.arrow", "time", cell, "257001 nanoseconds"},
		{"cell, compressed", []damage{{0, 6, badTime}}, zstd, "a.arrow", "time", cell, "257001 nanoseconds"},
		{"cells of two batches", []damage{{0, 6, badTime}, {0, 3, badTime}}, nil, "a.arrow", "time", early, "137001 nanoseconds"},
		{"cells of two files", []damage{{1, 0, badTime}, {0, 6, badTime}}, zstd, "a.arrow", "time", cell, "257001 nanoseconds"},
		{"the second file", []damage{{1, 6, badTime}}, nil, "b.arrow", "time", cell, "257001 nanoseconds"},
		{"text", []damage{{0, 6, badText}, {1, 0, badTime}}, nil, "a.arrow", "id", cell, `"\xffd000257" is not UTF-8`},
		{"offsets", []damage{{0, 6, badOffsets}}, nil, "a.arrow", "id", 242, "damaged: it lies from byte 24 to 16 of 320"},
		{"offsets before a cell", []damage{{0, 3, badOffsets}, {0, 4, badTime}}, nil, "a.arrow", "id", 122, "damaged: it lies from byte 24 to 16 of 320"},
		{"offsets after a cell", []damage{{0, 6, badOffsets}, {0, 3, badTime}}, nil, "a.arrow", "time", early, "137001 nanoseconds"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			files := damagedFiles(t, c.damages, c.opts...)
			want := readDamaged(t, files, 1, &textInterner{})
			if want.File != c.file || want.Table != "things" || want.Column != c.column || want.Row != c.row || !strings.Contains(want.What, c.what) {
				t.Fatalf("one thread: %v (row %d), want %s, column %s, row %d: %s", want, want.Row, c.file, c.column, c.row, c.what)
			}
			for range 10 {
				for _, threads := range []int{2, 4} {
					if got := readDamaged(t, files, threads, &textInterner{}); got.Error() != want.Error() {
						t.Fatalf("%d threads: %v, want %v", threads, got, want)
					}
				}
			}
		})
	}
}

// lateInterner holds up the batch with one id until another id, of a later batch, was seen.
type lateInterner struct {
	textInterner
	held, until string
	seen        chan struct{}
	once        sync.Once
}

func (l *lateInterner) InternAll(data []byte, offsets []int32, out []int64) {
	if bytes.Contains(data, []byte(l.until)) {
		l.once.Do(func() { close(l.seen) })
	}
	if bytes.Contains(data, []byte(l.held)) {
		select {
		case <-l.seen:
			time.Sleep(10 * time.Millisecond) // for the later batch to fail meanwhile
		case <-time.After(hang):
		}
	}
	l.textInterner.InternAll(data, offsets, out)
}

// TestDamagedTexts finds the text that is damaged in arrays of every type with offsets, also in a slice; in none that is sound.
func TestDamagedTexts(t *testing.T) {
	for _, dt := range []aa.DataType{aa.BinaryTypes.String, aa.BinaryTypes.Binary, aa.BinaryTypes.LargeString, aa.BinaryTypes.LargeBinary} {
		arr := makeArray(t, dt, 9, func(i int) string { return fmt.Sprintf("%q", "YWJj") })
		part := array.NewSlice(arr, 2, 9)
		if i, what := damagedText(part); i != -1 {
			t.Fatalf("%s: text %d of sound ones, %s", dt, i, what)
		}
		width := len(arr.Data().Buffers()[1].Bytes()) / 10
		offsets := arr.Data().Buffers()[1].Bytes()
		offsets[width*6] += 100
		if i, what := damagedText(part); i != 3 || !strings.Contains(what, "damaged: it lies from byte") {
			t.Errorf("%s: text %d, %s", dt, i, what)
		}
	}
}

// TestEarlierBatchFailsLater lets a later batch fail before an earlier one.
func TestEarlierBatchFailsLater(t *testing.T) {
	files := damagedFiles(t, []damage{{0, 3, badTime}, {0, 6, badTime}})
	names := &lateInterner{held: damagedID(3 * damagedBatchRows), until: damagedID(6 * damagedBatchRows), seen: make(chan struct{})}
	if e := readDamaged(t, files, 2, names); e.Row != 3*damagedBatchRows+damagedRow+1 {
		t.Errorf("%v, want the time of batch 3", e)
	}
}

// TestFirstFailure holds runTasks to the first failing task where a later one fails before it, for sure: the thread of
// the later one has left before the first one ends.
func TestFirstFailure(t *testing.T) {
	left := make(chan struct{})
	var mu sync.Mutex
	began := map[int]bool{}
	err := runTasks(context.Background(), 2, 20, func(int) func(i int) error {
		return func(i int) error {
			mu.Lock()
			began[i] = true
			mu.Unlock()
			switch i {
			case 2:
				<-left
				return errors.New("task 2")
			case 5:
				return errors.New("task 5")
			}
			return nil
		}
	}, func(int) {
		mu.Lock()
		defer mu.Unlock()
		select {
		case <-left:
		default:
			close(left)
		}
	})
	if err == nil || err.Error() != "task 2" {
		t.Errorf("the error is %v, want that of task 2", err)
	}
	for i := range 20 {
		if began[i] != (i <= 5) {
			t.Errorf("task %d was begun: %v", i, began[i])
		}
	}
}
