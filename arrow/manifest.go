package arrow

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Names of the files of a result that are not tables.
const (
	ManifestFile = "manifest.json"
	SummaryFile  = "summary.json"
)

const (
	resultFormat    = "planwerk-result"
	resultVersion   = 1
	manifestMaxSize = 64 << 20 // bytes; a result of 10⁵ input files takes about 20 MiB
)

// Manifest is manifest.json of a result. Everything but Run (and the bytes of files) is the same for the same input.
type Manifest struct {
	Format       string         `json:"format"`
	Version      int            `json:"version"`
	Engine       string         `json:"engine"`
	ModelVersion string         `json:"model_version"`
	ResultRoot   string         `json:"result_root"`
	Parameters   []Parameter    `json:"parameters"`       // those that change results: a leaf of the root
	Ledger       string         `json:"ledger,omitempty"` // the directory of the inputs, as it was given
	Inputs       []InputFile    `json:"inputs"`
	Tables       []TableSummary `json:"tables"` // by name
	Outputs      []OutputFile   `json:"outputs"`
	Run          Run            `json:"run"`
}

// InputFile is a file that was read, its path relative to Manifest.Ledger unless it lies elsewhere.
type InputFile struct {
	Path   string `json:"path"`
	Table  string `json:"table,omitempty"`
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// TableSummary is one table of a result, whatever its file format.
type TableSummary struct {
	Name    string          `json:"name"`
	Rows    int64           `json:"rows"`
	Root    string          `json:"root"`
	Columns []ColumnSummary `json:"columns"`
}

// ColumnSummary is a ResultColumn in a manifest.
type ColumnSummary struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Nullable bool   `json:"nullable,omitempty"`
	IntIDs   bool   `json:"int_ids,omitempty"`
}

// OutputFile is a file of the result; Table is empty for summary.json.
type OutputFile struct {
	Path   string `json:"path"`
	Table  string `json:"table,omitempty"`
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Run says how a result came about; it is no part of the root.
type Run struct {
	Threads  int         `json:"threads"`
	Level    string      `json:"level,omitempty"` // of the kernels
	Format   string      `json:"format,omitempty"`
	Started  string      `json:"started,omitempty"` // RFC 3339
	Finished string      `json:"finished,omitempty"`
	Seconds  float64     `json:"seconds,omitempty"`
	Settings []Parameter `json:"settings,omitempty"` // those that do not change results
	Stages   []Stage     `json:"stages,omitempty"`
}

// Stage is one timed part of a run.
type Stage struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
	Rows    int64   `json:"rows,omitempty"`
}

// Encode is the manifest as JSON, the same bytes for the same manifest.
func (m *Manifest) Encode() ([]byte, error) { return encodeJSON(m) }

// encodeJSON is indented JSON, maps by key, with a final newline.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}

// readManifest reads the manifest of a result directory.
func readManifest(dir string) (*Manifest, error) {
	name := filepath.Join(dir, ManifestFile)
	if _, err := os.Stat(name); err != nil {
		return nil, err
	}
	in := File{Path: name}
	f, err := in.openSame() // which waits for no pipe
	if err != nil {
		return nil, inFile(err, name, "")
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, manifestMaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	m, err := ParseManifest(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

// ParseManifest reads and checks a manifest: paths stay inside the directory, names differ, roots and digests are well
// formed, and the result root is that of the tables and parameters listed.
func ParseManifest(data []byte) (*Manifest, error) {
	if len(data) > manifestMaxSize {
		return nil, fmt.Errorf("a manifest of %d bytes; the limit is %d", len(data), manifestMaxSize)
	}
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("not a manifest: %w", err)
	}
	if m.Format != resultFormat {
		return nil, fmt.Errorf("format %q, want %q", m.Format, resultFormat)
	}
	if m.Version != resultVersion {
		return nil, fmt.Errorf("version %d of the format %s; this program knows %d", m.Version, resultFormat, resultVersion)
	}
	if err := m.checkNames(); err != nil {
		return nil, err
	}
	if err := m.checkOutputs(); err != nil {
		return nil, err
	}
	root, err := m.rootOfTables()
	if err != nil {
		return nil, err
	}
	if root.String() != m.ResultRoot {
		return nil, fmt.Errorf("result root %s, but tables and parameters give %s", m.ResultRoot, root)
	}
	return &m, nil
}

func (m *Manifest) checkNames() error {
	if err := distinct("parameter", m.Parameters, func(p Parameter) string { return p.Name }); err != nil {
		return err
	}
	if err := distinct("table", m.Tables, func(t TableSummary) string { return t.Name }); err != nil {
		return err
	}
	for i := range m.Tables {
		t := &m.Tables[i]
		if t.Rows < 0 {
			return fmt.Errorf("table %s: %d rows", t.Name, t.Rows)
		}
		if err := distinct("column", t.Columns, func(c ColumnSummary) string { return c.Name }); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		if _, err := t.columns(); err != nil {
			return err
		}
	}
	return nil
}

// checkOutputs requires one file per table and safe paths.
func (m *Manifest) checkOutputs() error {
	if err := distinct("file", m.Outputs, func(f OutputFile) string { return f.Path }); err != nil {
		return err
	}
	files := map[string]OutputFile{}
	for _, f := range m.Outputs {
		if err := checkPath(f.Path); err != nil {
			return err
		}
		if _, err := parseHash(f.SHA256); err != nil {
			return fmt.Errorf("file %s: %w", f.Path, err)
		}
		if f.Bytes < 0 || f.Rows < 0 || f.Path == ManifestFile {
			return fmt.Errorf("file %s: %d bytes, %d rows", f.Path, f.Bytes, f.Rows)
		}
		if f.Table == "" {
			continue
		}
		if other, twice := files[f.Table]; twice {
			return fmt.Errorf("table %s has two files, %s and %s", f.Table, other.Path, f.Path)
		}
		files[f.Table] = f
	}
	for i := range m.Tables {
		t := &m.Tables[i]
		f, ok := files[t.Name]
		if !ok {
			return fmt.Errorf("table %s has none of the files", t.Name)
		}
		if f.Rows != t.Rows {
			return fmt.Errorf("table %s has %d rows, its file %d", t.Name, t.Rows, f.Rows)
		}
	}
	if len(files) != len(m.Tables) {
		return errors.New("a file of a table that is not listed")
	}
	return nil
}

// rootOfTables computes the result root from what is listed.
func (m *Manifest) rootOfTables() (Hash, error) {
	tables := make([]TableRoot, len(m.Tables))
	for i := range m.Tables {
		t := &m.Tables[i]
		root, err := parseHash(t.Root)
		if err != nil {
			return Hash{}, fmt.Errorf("table %s: %w", t.Name, err)
		}
		tables[i] = TableRoot{Name: t.Name, Rows: t.Rows, Root: root}
	}
	return ResultRoot(tables, m.Parameters), nil
}

// columns turns the summary back into columns.
func (t *TableSummary) columns() ([]ResultColumn, error) {
	out := make([]ResultColumn, len(t.Columns))
	for i, c := range t.Columns {
		k := slices.Index(columnTypeNames[:], c.Type)
		if k < 0 {
			return nil, fmt.Errorf("table %s, column %s: unknown type %q", t.Name, c.Name, c.Type)
		}
		out[i] = ResultColumn{Name: c.Name, Type: ColumnType(k), Nullable: c.Nullable, IntIDs: c.IntIDs}
	}
	return out, nil
}

func summarise(columns []ResultColumn) []ColumnSummary {
	out := make([]ColumnSummary, len(columns))
	for i, c := range columns {
		out[i] = ColumnSummary{Name: c.Name, Type: c.Type.String(), Nullable: c.Nullable, IntIDs: c.IntIDs}
	}
	return out
}

// distinct refuses empty and repeated names.
func distinct[T any](what string, list []T, name func(T) string) error {
	seen := make(map[string]bool, len(list))
	for _, x := range list {
		n := name(x)
		if n == "" {
			return fmt.Errorf("a %s without a name", what)
		}
		if seen[n] {
			return fmt.Errorf("%s %q is listed twice", what, n)
		}
		seen[n] = true
	}
	return nil
}

// checkPath accepts a relative slash-separated path that stays inside its directory.
func checkPath(p string) error {
	if p == "" || path.IsAbs(p) || path.Clean(p) != p || p == ".." || strings.HasPrefix(p, "../") || p == "." ||
		strings.ContainsAny(p, "\\\x00:") {
		return fmt.Errorf("path %q does not stay inside the directory", p)
	}
	return nil
}
