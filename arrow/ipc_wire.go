package arrow

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/klauspost/compress/zstd"
)

// Messages of Arrow IPC are taken from the file here and handed to Apache's reader one by one, checked: that reader
// follows offsets in the metadata wherever they lead, so a schema that refers to itself, a count of 2⁴⁰ buffers, or a
// compressed buffer's claim would cost it the process. zstd is undone here too, on this goroutine.

var errIPCMetadata = errors.New("damaged Arrow data: metadata that do not hold together")

// ipcSource reads messages of a file or a stream. It implements ipc.MessageReader.
type ipcSource struct {
	r      io.ReaderAt
	size   int64
	pos    int64   // of a stream
	blocks []int64 // of a file: where its messages are; nil for a stream
	marked bool    // a stream's end mark was seen
	mem    memory.Allocator
	msg    *ipc.Message
	zstd   *zstd.Decoder
	mapped []byte // the file, when bodies are to be taken from it in place
	fault  error  // why the last message could not be had
}

// checkIPCFooter bounds a file's footer before memory is taken for it.
func checkIPCFooter(f io.ReaderAt, size int64) error {
	_, err := ipcFooterSize(f, size)
	return err
}

func ipcFooterSize(r io.ReaderAt, size int64) (n int64, err error) {
	cut := &Error{What: "not an Arrow file, or cut off", Hint: "write the file again"}
	if size < 18 {
		return 0, cut
	}
	var tail [10]byte
	if _, err := r.ReadAt(tail[:], size-10); err != nil {
		return 0, readError(err)
	}
	if string(tail[4:]) != string(magicIPC) {
		return 0, cut
	}
	if n = int64(binary.LittleEndian.Uint32(tail[:])); n > maxIPCMetadata || n > size-18 {
		return 0, fmt.Errorf("a footer of %s in a file of %s", byteCount(n), byteCount(size))
	}
	return n, nil
}

// openIPCFile reads a file's footer.
func (s *ipcSource) openIPCFile() (err error) {
	defer catch(&err, "reading the footer")
	n, err := ipcFooterSize(s.r, s.size)
	if err != nil {
		return err
	}
	f := make(flat, n)
	if _, err := s.r.ReadAt(f, s.size-10-n); err != nil {
		return readError(err)
	}
	s.blocks = []int64{8} // the schema follows the magic bytes and their padding
	for _, k := range []int{2, 3} {
		at, n := f.vector(f.root(), k, 24)
		for i := range n {
			s.blocks = append(s.blocks, f.i64(at+24*i))
		}
	}
	return nil
}

// Message gives the next message, valid until the next call; io.EOF after the last.
func (s *ipcSource) Message() (*ipc.Message, error) {
	s.Release()
	msg, err := s.read()
	if err != nil && err != io.EOF {
		s.fault = err
	}
	s.msg = msg
	return msg, err
}

// Retain does nothing: the source lives as long as its owner.
func (s *ipcSource) Retain() {}

// Release lets the current message go.
func (s *ipcSource) Release() {
	if s.msg != nil {
		s.msg.Release()
		s.msg = nil
	}
}

func (s *ipcSource) read() (msg *ipc.Message, err error) {
	defer catch(&err, "reading a message")
	if s.blocks != nil {
		if s.pos == int64(len(s.blocks)) {
			return nil, io.EOF
		}
		s.pos++
		msg, _, err := s.message(s.blocks[s.pos-1])
		return msg, errOrCut(err)
	}
	msg, next, err := s.message(s.pos)
	s.pos = next
	return msg, err
}

// message reads the message at a position and returns where the next one begins.
func (s *ipcSource) message(at int64) (msg *ipc.Message, next int64, err error) {
	m, at, err := s.metadata(at)
	if err != nil {
		return nil, at, err
	}
	body, err := s.body(&m, at)
	if err != nil {
		return nil, at, err
	}
	defer body.Release()
	metaBuffer := memory.NewBufferBytes(m.meta)
	defer metaBuffer.Release()
	return ipc.NewMessage(metaBuffer, body), at + m.body, nil
}

// countRows reads the metadata of all messages and sums the rows of batches; ended tells whether there is an end mark.
func (s *ipcSource) countRows() (rows int64, ended bool, err error) {
	count := func(m *ipcMessage) {
		if m.kind != ipcBatch {
			return
		}
		if at, _ := m.meta.slot(m.batch, 0); at > 0 {
			if rows += m.meta.i64(at); rows < 0 {
				panic(errIPCMetadata)
			}
		}
	}
	defer catch(&err, "counting rows")
	for _, at := range s.blocks {
		m, _, err := s.metadata(at)
		if err != nil {
			return 0, false, errOrCut(err)
		}
		count(&m)
	}
	for at := int64(0); s.blocks == nil; {
		m, body, err := s.metadata(at)
		if err == io.EOF {
			return rows, s.marked, nil
		}
		if err != nil {
			return 0, false, err
		}
		count(&m)
		at = body + m.body
	}
	return rows, true, nil
}

// batchRows gives the row at which each batch of a file begins; loose is false where batches cannot be had one without
// the other: in a stream, and where there are dictionaries.
func (s *ipcSource) batchRows() (first []int64, loose bool, err error) {
	if s.blocks == nil {
		return nil, false, nil
	}
	defer catch(&err, "counting rows")
	row := int64(0)
	for _, at := range s.blocks[1:] {
		m, _, err := s.metadata(at)
		if err != nil {
			return nil, false, errOrCut(err)
		}
		if m.kind != ipcBatch {
			return nil, false, nil
		}
		first = append(first, row)
		if at, _ := m.meta.slot(m.batch, 0); at > 0 {
			if row += m.meta.i64(at); row < 0 {
				return nil, false, errIPCMetadata
			}
		}
	}
	return first, true, nil
}

// errOrCut takes the end of the data within a file's blocks for damage.
func errOrCut(err error) error {
	if err == io.EOF {
		return errIPCMetadata
	}
	return err
}

// metadata reads a message's metadata and returns where its body begins; io.EOF at an end mark or the end of a stream.
func (s *ipcSource) metadata(at int64) (m ipcMessage, body int64, err error) {
	var head [4]byte
	length := func() (int64, error) {
		if at < 0 || at > s.size-4 {
			return 0, &Error{What: "Arrow data end within a message", Hint: "write the file again"}
		}
		if _, err := s.r.ReadAt(head[:], at); err != nil {
			return 0, readError(err)
		}
		at += 4
		return int64(int32(binary.LittleEndian.Uint32(head[:]))), nil
	}
	if at == s.size && s.blocks == nil {
		return m, at, io.EOF
	}
	n, err := length()
	if err == nil && n == -1 { // the marker that is there since Arrow 0.15
		n, err = length()
	}
	if err != nil {
		return m, at, err
	}
	if n == 0 {
		s.marked = true
		return m, at, io.EOF
	}
	if n < 8 || n > maxIPCMetadata || n > s.size-at {
		return m, at, fmt.Errorf("damaged Arrow data: metadata of %d bytes", n)
	}
	meta := make([]byte, n)
	if _, err := s.r.ReadAt(meta, at); err != nil {
		return m, at, readError(err)
	}
	at += n
	if m, err = parseIPCMessage(meta); err != nil {
		return m, at, err
	}
	if m.body > s.size-at {
		return m, at, &Error{What: "Arrow data end within a message", Hint: "write the file again"}
	}
	return m, at, nil
}

// body reads a message's body, decompressed if it is zstd.
func (s *ipcSource) body(m *ipcMessage, at int64) (*memory.Buffer, error) {
	if s.inPlace(m, at) {
		return memory.NewBufferBytes(s.mapped[at : at+m.body : at+m.body]), nil
	}
	body := memory.NewResizableBuffer(s.mem)
	body.Resize(int(m.body))
	if _, err := io.ReadFull(io.NewSectionReader(s.r, at, m.body), body.Bytes()); err != nil {
		body.Release()
		return nil, readError(err)
	}
	if m.batch == 0 {
		return body, nil
	}
	compression, entry := m.meta.slot(m.batch, 3)
	if compression == 0 {
		return body, nil
	}
	codec := byte(0)
	if c, _ := m.meta.slot(m.meta.follow(m.batch, 3), 0); c > 0 && c < len(m.meta) {
		codec = m.meta[c]
	}
	const lz4Frame, zstdFrame = 0, 1
	switch codec {
	case lz4Frame:
		return body, s.checkClaims(m, body.Bytes())
	case zstdFrame:
		defer body.Release()
		plain, err := s.decompress(m, body.Bytes())
		if err == nil {
			// The batch no longer says that it is compressed.
			binary.LittleEndian.PutUint16(m.meta[entry:], 0)
		}
		return plain, err
	}
	body.Release()
	return nil, fmt.Errorf("compression %d is not known", codec)
}

// inPlace reports whether a body can be used where it is mapped: it is not compressed, and words lie at whole words.
func (s *ipcSource) inPlace(m *ipcMessage, at int64) bool {
	if m.batch == 0 || at%8 != 0 || at+m.body > int64(len(s.mapped)) {
		return false
	}
	compression, _ := m.meta.slot(m.batch, 3)
	return compression == 0
}

// claim is the size that a compressed buffer says it has without compression; −1: it is not compressed.
func claim(buf []byte) (int64, error) {
	if len(buf) < 8 {
		return 0, errIPCMetadata
	}
	n := int64(binary.LittleEndian.Uint64(buf))
	if n < -1 || n > math.MaxInt32*64 {
		return 0, errIPCMetadata
	}
	return n, nil
}

// checkClaims refuses sizes that no buffer has.
func (s *ipcSource) checkClaims(m *ipcMessage, body []byte) error {
	buffers, n := m.meta.vector(m.batch, 2, 16)
	for i := range n {
		at, size := m.meta.i64(buffers+16*i), m.meta.i64(buffers+16*i+8)
		if size == 0 {
			continue
		}
		if _, err := claim(body[at : at+size]); err != nil {
			return err
		}
	}
	return nil
}

// decompress undoes zstd: a new body, and the buffers' places in the metadata changed to it.
func (s *ipcSource) decompress(m *ipcMessage, body []byte) (plain *memory.Buffer, err error) {
	if s.zstd == nil {
		if s.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderLowmem(true)); err != nil {
			return nil, err
		}
	}
	buffers, n := m.meta.vector(m.batch, 2, 16)
	total := int64(0)
	for i := range n {
		at, size := m.meta.i64(buffers+16*i), m.meta.i64(buffers+16*i+8)
		if size == 0 {
			continue
		}
		c, err := claim(body[at : at+size])
		if err != nil {
			return nil, err
		}
		if c < 0 {
			c = size - 8
		}
		if total += (c + 63) &^ 63; total > math.MaxInt32*64 {
			return nil, errIPCMetadata
		}
	}
	plain = memory.NewResizableBuffer(s.mem)
	defer func() {
		if err != nil {
			plain.Release()
		}
	}()
	plain.Resize(int(total))
	to := int64(0)
	for i := range n {
		place := buffers + 16*i
		at, size := m.meta.i64(place), m.meta.i64(place+8)
		length := int64(0)
		if size > 0 {
			packed := body[at+8 : at+size]
			if length, _ = claim(body[at : at+size]); length < 0 {
				length = int64(copy(plain.Bytes()[to:], packed))
			} else if out, err := s.zstd.DecodeAll(packed, plain.Bytes()[to:to:to+length]); err != nil || int64(len(out)) != length {
				return nil, fmt.Errorf("damaged Arrow data: a buffer cannot be decompressed: %w", errOr(err, io.ErrUnexpectedEOF))
			}
		}
		binary.LittleEndian.PutUint64(m.meta[place:], uint64(to))
		binary.LittleEndian.PutUint64(m.meta[place+8:], uint64(length))
		to += (length + 63) &^ 63
	}
	return plain, nil
}

func errOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func (s *ipcSource) close() {
	s.Release()
	unmapFile(s.mapped)
	s.mapped = nil
	if s.zstd != nil {
		s.zstd.Close()
	}
}
