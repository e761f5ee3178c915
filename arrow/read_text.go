package arrow

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Limits of text files. A compressed text may hold bombFree bytes and bombRatio bytes more per byte stored; no text
// that people keep compresses better than that.
const (
	maxLine   = 16 << 20
	textAhead = 256 << 10
	maxWindow = 128 << 20 // of zstd, what its command line asks no flag for
	bombFree  = 64 << 20
	bombRatio = 200
)

var bom = []byte{0xef, 0xbb, 0xbf}

// textSource gives a text file's bytes through a window that grows up to maxLine.
type textSource struct {
	r       io.Reader
	closing func()
	buf     []byte
	pos     int // next byte to parse
	end     int // bytes in buf
	line    int64
	decoded int64
	most    int64 // decoded bytes allowed
	eof     bool
}

// openText starts on a text of a stored size; gzip and zstd are told by their first bytes.
func openText(r io.Reader, stored int64) (*textSource, error) {
	br := bufio.NewReaderSize(r, 64<<10)
	head, err := br.Peek(4)
	if err != nil && err != io.EOF {
		return nil, readError(err)
	}
	t := &textSource{r: br, line: 1, closing: func() {}, most: -1}
	switch {
	case bytes.HasPrefix(head, magicGzip):
		z, err := gzip.NewReader(br)
		if err != nil {
			return nil, &Error{What: "damaged gzip data", Err: err, Hint: "the file may be cut off: write or copy it again"}
		}
		t.r = z
	case bytes.HasPrefix(head, magicZstd):
		z, err := zstd.NewReader(br, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, fmt.Errorf("damaged zstd data: %w", err)
		}
		t.r, t.closing = z, z.Close
	}
	if t.r != io.Reader(br) {
		t.most = bombFree + bombRatio*stored
	}
	t.buf = make([]byte, textAhead)
	return t, nil
}

func (t *textSource) close() { t.closing() }

// rest is what has been read and not parsed.
func (t *textSource) rest() []byte { return t.buf[t.pos:t.end] }

// fill reads more bytes behind rest; io.EOF when there are none, an error when a line is too long.
func (t *textSource) fill() error {
	if t.eof {
		return io.EOF
	}
	if t.pos > 0 {
		copy(t.buf, t.buf[t.pos:t.end])
		t.pos, t.end = 0, t.end-t.pos
	}
	if t.end == len(t.buf) {
		if len(t.buf) >= maxLine {
			return &Error{Line: t.line, What: fmt.Sprintf("a line longer than %s", byteCount(maxLine)), Hint: "end every row with a line feed"}
		}
		t.buf = append(t.buf, make([]byte, len(t.buf))...)
	}
	for tries := 0; ; tries++ {
		n, err := t.r.Read(t.buf[t.end:])
		t.end += n
		t.decoded += int64(n)
		if t.most >= 0 && t.decoded > t.most {
			return &Error{What: fmt.Sprintf("decompresses to more than %s", byteCount(t.most)), Hint: "decompress it if that is meant"}
		}
		if err == io.EOF {
			t.eof = true
			if n == 0 {
				return io.EOF
			}
			return nil
		}
		if err != nil {
			return &Error{Line: t.line, What: "cannot read on", Err: err, Hint: "the file is damaged or cut off: write or copy it again"}
		}
		if n > 0 {
			return nil
		}
		if tries > 100 {
			return io.ErrNoProgress
		}
	}
}

// start skips a byte order mark and refuses other encodings.
func (t *textSource) start() error {
	for t.end < 3 {
		if err := t.fill(); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
	}
	head := t.rest()
	switch {
	case bytes.HasPrefix(head, bom):
		t.pos += len(bom)
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return &Error{What: "the text is in UTF-16", Hint: "write it in UTF-8"}
	}
	return nil
}

// nextLine gives the next line without its end; io.EOF after the last. The line is valid until the next call.
func (t *textSource) nextLine() ([]byte, error) {
	from := 0
	for {
		if i := bytes.IndexByte(t.buf[t.pos+from:t.end], '\n'); i >= 0 {
			line := t.buf[t.pos : t.pos+from+i]
			t.pos += from + i + 1
			t.line++
			return line, nil
		}
		from = t.end - t.pos
		err := t.fill()
		if err == io.EOF {
			if from == 0 {
				return nil, io.EOF
			}
			line := t.rest()
			t.pos = t.end
			t.line++
			return line, nil
		}
		if err != nil {
			return nil, err
		}
	}
}
