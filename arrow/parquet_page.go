package arrow

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/klauspost/compress/zstd"
)

// Limits of one page. A header larger than maxHeader holds statistics nobody wrote on purpose.
const (
	maxHeader = 16 << 20
	maxPage   = 1 << 30
	pageAhead = 64 << 10 // read at once while looking for headers
	zstdSlack = 64       // bytes behind a page that let zstd copy in long strides up to its end
)

// pageReader reads the pages of one column chunk after another. Its buffers are reused from page to page: what next
// returns is valid until the following call. One goroutine uses it at a time.
type pageReader struct {
	src      io.ReaderAt
	pos, end int64 // in the file
	codec    compress.Compression
	maxDef   int
	maxRep   int

	window    []byte // bytes of the file from windowAt on
	windowAt  int64
	ahead     scratch
	packed    scratch
	unpacked  scratch
	dictStore scratch
	zstd      *zstd.Decoder
}

// page is one decompressed page of values, or a dictionary.
type page struct {
	dictionary bool
	values     int // null ones included
	encoding   int64
	rep, def   []byte // run-length encoded levels; nil where the column has none
	data       []byte // encoded values
}

func newPageReader(src io.ReaderAt, b *Budget) *pageReader {
	return &pageReader{src: src, ahead: scratch{b: b}, packed: scratch{b: b}, unpacked: scratch{b: b}, dictStore: scratch{b: b}}
}

// close gives all memory back.
func (p *pageReader) close() {
	p.ahead.free()
	p.packed.free()
	p.unpacked.free()
	p.dictStore.free()
	if p.zstd != nil {
		p.zstd.Close()
	}
}

// open starts on a column chunk that begins at pos; end bounds it.
func (p *pageReader) open(pos, end int64, codec compress.Compression, maxDef, maxRep int) error {
	if pos < 4 || pos >= end {
		return fmt.Errorf("a column begins outside of the file")
	}
	switch codec {
	case compress.Codecs.Uncompressed, compress.Codecs.Snappy, compress.Codecs.Gzip, compress.Codecs.Brotli,
		compress.Codecs.Zstd, compress.Codecs.Lz4Raw:
	default:
		return &Error{What: fmt.Sprintf("compression %v is not supported", codec), Hint: "write it with zstd, snappy, gzip, brotli, lz4_raw or uncompressed"}
	}
	p.pos, p.end, p.codec, p.maxDef, p.maxRep = pos, end, codec, maxDef, maxRep
	return nil
}

// at gives n bytes of the file at p.pos, fewer at its end, from the window.
func (p *pageReader) at(n int) ([]byte, error) {
	if p.pos+int64(n) > p.end {
		n = int(p.end - p.pos)
	}
	if p.pos >= p.windowAt && p.pos+int64(n) <= p.windowAt+int64(len(p.window)) {
		return p.window[p.pos-p.windowAt:], nil
	}
	size := max(n, int(min(pageAhead, p.end-p.pos)))
	buf, err := p.ahead.sized(size, "a page header")
	if err != nil {
		return nil, err
	}
	p.window = nil
	if _, err := p.src.ReadAt(buf, p.pos); err != nil {
		return nil, readError(err)
	}
	p.window, p.windowAt = buf, p.pos
	return buf, nil
}

// readError names a failed read; the end of the file is unexpected where a size said otherwise.
func readError(err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("cannot read: %w", err)
}

// next reads a page; io.EOF at the end of the file's pages.
func (p *pageReader) next() (page, error) {
	for {
		h, err := p.header()
		if err != nil {
			return page{}, err
		}
		if h.uncompressed > maxPage || h.compressed > maxPage {
			return page{}, fmt.Errorf("a page of %s", byteCount(max(h.uncompressed, h.compressed)))
		}
		if h.kind != pageData && h.kind != pageDictionary && h.kind != pageDataV2 {
			p.pos += h.compressed
			continue
		}
		body, err := p.body(int(h.compressed))
		if err != nil {
			return page{}, err
		}
		if h.hasCRC && crc32.ChecksumIEEE(body) != h.crc {
			return page{}, fmt.Errorf("a page does not match its checksum")
		}
		switch h.kind {
		case pageDataV2:
			return p.dataV2(h, body)
		case pageDictionary:
			return p.dictionary(h, body)
		}
		return p.dataV1(h, body)
	}
}

func (p *pageReader) header() (pageHeader, error) {
	for n := 256; ; n *= 4 {
		if p.pos >= p.end {
			return pageHeader{}, io.EOF
		}
		buf, err := p.at(n)
		if err != nil {
			return pageHeader{}, err
		}
		h, length, ok, err := parsePageHeader(buf)
		if err != nil {
			return h, err
		}
		if ok {
			p.pos += int64(length)
			return h, nil
		}
		if int64(len(buf)) >= p.end-p.pos || n > maxHeader {
			return h, fmt.Errorf("a page header is damaged")
		}
	}
}

// body reads a page as stored.
func (p *pageReader) body(n int) ([]byte, error) {
	if int64(n) > p.end-p.pos {
		return nil, fmt.Errorf("a page reaches beyond the end of the file")
	}
	at := p.pos
	p.pos += int64(n)
	if at >= p.windowAt && p.pos <= p.windowAt+int64(len(p.window)) {
		return p.window[at-p.windowAt : p.pos-p.windowAt], nil
	}
	buf, err := p.packed.sized(n, "a compressed page")
	if err != nil {
		return nil, err
	}
	if _, err := p.src.ReadAt(buf, at); err != nil {
		return nil, readError(err)
	}
	return buf, nil
}

func (p *pageReader) dictionary(h pageHeader, body []byte) (page, error) {
	if !h.has {
		return page{}, fmt.Errorf("a page header is damaged")
	}
	data, err := p.decompress(&p.dictStore, body, int(h.uncompressed), "a dictionary")
	if err != nil {
		return page{}, err
	}
	if p.codec == compress.Codecs.Uncompressed {
		// The body lies in a buffer that the next page takes; the dictionary stays for the chunk.
		keep, err := p.dictStore.sized(len(data), "a dictionary")
		if err != nil {
			return page{}, err
		}
		copy(keep, data)
		data = keep
	}
	return page{dictionary: true, values: int(h.values), encoding: h.encoding, data: data}, nil
}

func (p *pageReader) dataV1(h pageHeader, body []byte) (page, error) {
	if !h.has {
		return page{}, fmt.Errorf("a page header is damaged")
	}
	data, err := p.decompress(&p.unpacked, body, int(h.uncompressed), "a page")
	if err != nil {
		return page{}, err
	}
	out := page{values: int(h.values), encoding: h.encoding}
	if p.maxRep > 0 {
		if out.rep, data, err = levelsV1(data, h.repEncoding); err != nil {
			return page{}, err
		}
	}
	if p.maxDef > 0 {
		if out.def, data, err = levelsV1(data, h.defEncoding); err != nil {
			return page{}, err
		}
	}
	out.data = data
	return out, nil
}

// levelsV1 cuts length-prefixed levels from the front of a page.
func levelsV1(data []byte, encoding int64) (levels, rest []byte, err error) {
	if encoding != encodingRLE {
		return nil, nil, &Error{What: fmt.Sprintf("levels in encoding %d are not supported", encoding), Hint: "write the file with a current Parquet library"}
	}
	if len(data) < 4 {
		return nil, nil, fmt.Errorf("a page ends within its levels")
	}
	n := binary.LittleEndian.Uint32(data)
	data = data[4:]
	if uint64(n) > uint64(len(data)) {
		return nil, nil, fmt.Errorf("a page ends within its levels")
	}
	return data[:n:n], data[n:], nil
}

func (p *pageReader) dataV2(h pageHeader, body []byte) (page, error) {
	levels := h.repBytes + h.defBytes
	if !h.has || h.repBytes < 0 || h.defBytes < 0 || levels > int64(len(body)) || levels > h.uncompressed {
		return page{}, fmt.Errorf("a page header is damaged")
	}
	out := page{values: int(h.values), encoding: h.encoding}
	if p.maxRep > 0 {
		out.rep = body[:h.repBytes:h.repBytes]
	}
	if p.maxDef > 0 {
		out.def = body[h.repBytes:levels:levels]
	}
	body = body[levels:]
	if h.plain {
		out.data = body
		return out, nil
	}
	var err error
	out.data, err = p.decompress(&p.unpacked, body, int(h.uncompressed-levels), "a page")
	return out, err
}

// decompress gives exactly n bytes, or an error.
func (p *pageReader) decompress(into *scratch, body []byte, n int, what string) (out []byte, err error) {
	if p.codec == compress.Codecs.Uncompressed {
		if len(body) != n {
			return nil, fmt.Errorf("%s of %d bytes has %d", what, n, len(body))
		}
		return body, nil
	}
	if n == 0 && len(body) == 0 {
		return nil, nil
	}
	dst, err := into.sized(n+zstdSlack, what)
	if err != nil {
		return nil, err
	}
	dst = dst[:n]
	defer catch(&err, "decompressing "+what)
	switch p.codec {
	case compress.Codecs.Zstd:
		if p.zstd == nil {
			// DecodeAll writes into dst alone, so neither the frame's claims nor its window cost memory.
			p.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderLowmem(true))
			if err != nil {
				return nil, err
			}
		}
		out, err = p.zstd.DecodeAll(body, dst[:0:n+zstdSlack])
	default:
		if p.codec == compress.Codecs.Snappy {
			if claim, k := binary.Uvarint(body); k <= 0 || claim != uint64(n) {
				return nil, fmt.Errorf("%s does not have the size it claims", what)
			}
		}
		var codec compress.Codec
		if codec, err = compress.GetCodec(p.codec); err != nil {
			return nil, err
		}
		out, err = compress.Decode(codec, dst, body)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot decompress %s: %w", what, err)
	}
	if len(out) != n {
		return nil, fmt.Errorf("%s of %d bytes has %d", what, n, len(out))
	}
	return out, nil
}
