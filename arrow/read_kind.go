package arrow

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strings"
)

// FileKind is the format of a file.
type FileKind uint8

const (
	FileUnknown FileKind = iota // to be told by content
	FileParquet
	FileIPC // Arrow IPC, file or stream: told apart by content
	FileCSV
	FileJSON // newline JSON
)

var fileKindNames = [...]string{"unknown", "parquet", "arrow", "csv", "jsonl"}

func (k FileKind) String() string { return fileKindNames[k] }

// ParseFileKind reads the name of a format as users write it.
func ParseFileKind(s string) (FileKind, error) {
	switch strings.ToLower(s) {
	case "":
		return FileUnknown, nil
	case "parquet":
		return FileParquet, nil
	case "arrow", "arrows", "ipc", "ipc-file", "ipc-stream", "feather":
		return FileIPC, nil
	case "csv":
		return FileCSV, nil
	case "jsonl", "json", "ndjson":
		return FileJSON, nil
	}
	return FileUnknown, fmt.Errorf("unknown file format %q; known are parquet, arrow, csv, jsonl", s)
}

// fileExtensions are those of tables (FORMAT.md); texts may be compressed.
var fileExtensions = []struct {
	ext  string
	kind FileKind
}{
	{".parquet", FileParquet}, {".arrow", FileIPC}, {".arrows", FileIPC}, {".feather", FileIPC},
	{".csv", FileCSV}, {".csv.gz", FileCSV}, {".csv.zst", FileCSV},
	{".jsonl", FileJSON}, {".jsonl.gz", FileJSON}, {".jsonl.zst", FileJSON},
}

// splitExtension cuts the extension of a table's file.
func splitExtension(name string) (stem string, kind FileKind) {
	for _, e := range fileExtensions {
		if s, ok := strings.CutSuffix(name, e.ext); ok && s != "" {
			return s, e.kind
		}
	}
	return name, FileUnknown
}

var (
	magicParquet = []byte("PAR1")
	magicIPC     = []byte("ARROW1")
	magicGzip    = []byte{0x1f, 0x8b}
	magicZstd    = []byte{0x28, 0xb5, 0x2f, 0xfd}
)

// sniff tells a file's kind by its first bytes; compressed texts are looked into.
func sniff(f *os.File) (FileKind, error) {
	head := make([]byte, 4096)
	n, err := f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return FileUnknown, readError(err)
	}
	head = head[:n]
	switch {
	case n == 0:
		return FileUnknown, &Error{What: "the file is empty"}
	case bytes.HasPrefix(head, magicParquet), bytes.HasPrefix(head, []byte("PARE")):
		return FileParquet, nil
	case bytes.HasPrefix(head, magicIPC):
		return FileIPC, nil
	case n >= 4 && binary.LittleEndian.Uint32(head) == 0xFFFFFFFF:
		return FileIPC, nil
	case bytes.HasPrefix(head, magicGzip), bytes.HasPrefix(head, magicZstd):
		st, err := f.Stat()
		if err != nil {
			return FileUnknown, err
		}
		text, err := openText(io.NewSectionReader(f, 0, st.Size()), st.Size())
		if err != nil {
			return FileUnknown, err
		}
		defer text.close()
		if err := text.fill(); err != nil && err != io.EOF {
			return FileUnknown, err
		}
		return sniffText(text.rest()), nil
	case bytes.IndexByte(head[:min(n, 64)], 0) >= 0 && n >= 8:
		return FileIPC, nil // a stream from before the continuation marker
	}
	return sniffText(head), nil
}

func sniffText(head []byte) FileKind {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, bom), " \t\r\n")
	if len(head) > 0 && head[0] == '{' {
		return FileJSON
	}
	return FileCSV
}
