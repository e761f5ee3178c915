package lp

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// ReadMPSFile reads a linear program from an MPS file, gzip-compressed or not.
func ReadMPSFile(path string) (*Problem, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a directory; name an MPS file", path)
	}
	return ReadMPS(f, filepath.Base(path))
}

// ReadMPS reads a linear program in MPS format, free or fixed, gzip-compressed or not; name stands for the file in
// errors, which give the line too. RANGES, a right-hand side on the objective (its negative is the constant), OBJSENSE,
// OBJNAME, integer markers (relaxed, counted) and all bound types but semi-continuous ones are understood; N rows after
// the objective are left out. A negative upper bound on a column whose lower bound is not given makes the lower one −∞,
// as CPLEX and HiGHS have it.
//
// Files are read as free MPS first; when that fails and names with spaces at fixed positions explain it, as fixed MPS.
func ReadMPS(r io.Reader, name string) (*Problem, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(data) >= 2 && data[0] == 0x1f && data[1] == 0x8b {
		if data, err = unpack(data); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if what := foreign(data); what != "" {
		return nil, fmt.Errorf("%s: %s", name, what)
	}
	p, err := parseMPS(data, name, freeFields)
	if err != nil && !bytes.ContainsRune(data, '\t') {
		if fixed, fixedErr := parseMPS(data, name, fixedFields); fixedErr == nil {
			return fixed, nil
		}
	}
	return p, err
}

// foreign tells contents that are no MPS text by how they begin.
func foreign(data []byte) string {
	begins := func(what string) bool { return bytes.HasPrefix(data, []byte(what)) }
	switch {
	case begins("\x28\xb5\x2f\xfd"):
		return "is packed with zstd; unpack it first, or pack it with gzip"
	case begins("BZh"):
		return "is packed with bzip2; unpack it first, or pack it with gzip"
	case begins("\xfd7zXZ"):
		return "is packed with xz; unpack it first, or pack it with gzip"
	case begins("\xff\xfe"), begins("\xfe\xff"):
		return "is in UTF-16; write it in UTF-8"
	case begins("PK\x03\x04"):
		return "is a zip archive; unpack it first"
	}
	return ""
}

// unpack undoes gzip; of files that unpack to a hundred times their size there is no end but the memory's.
func unpack(data []byte) ([]byte, error) {
	const growth = 100
	most := max(64<<20, growth*int64(len(data)))
	var out []byte
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err == nil {
		out, err = io.ReadAll(io.LimitReader(z, most+1))
	}
	if err != nil {
		return nil, fmt.Errorf("damaged gzip data, or cut off: %w; write or fetch the file again", err)
	}
	if int64(len(out)) > most {
		err = fmt.Errorf("unpacks to more than %d times its size; if that is right, unpack it before", growth)
	}
	return out, err
}
