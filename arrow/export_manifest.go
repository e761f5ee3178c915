package arrow

import (
	"encoding/json"
	"fmt"
)

const (
	exportFormat  = "ledger-export"
	exportVersion = 1
)

// ExportFile is one file of an export in its manifest.
type ExportFile struct {
	Path   string `json:"path"` // relative to the export, with slashes
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

type exportManifest struct {
	Format  string       `json:"format"`
	Version int          `json:"version"`
	Files   []ExportFile `json:"files"`
}

// EncodeExportManifest is manifest.json of an export.
func EncodeExportManifest(files []ExportFile) ([]byte, error) {
	if files == nil {
		files = []ExportFile{}
	}
	return encodeJSON(exportManifest{Format: exportFormat, Version: exportVersion, Files: files})
}

// ParseExportManifest reads manifest.json of an export and checks that its paths stay inside the directory, differ, and
// that its digests are well formed.
func ParseExportManifest(data []byte) ([]ExportFile, error) {
	if len(data) > manifestMaxSize {
		return nil, fmt.Errorf("a manifest of %d bytes; the limit is %d", len(data), manifestMaxSize)
	}
	var m exportManifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("not a manifest: %w", err)
	}
	if m.Format != exportFormat || m.Version != exportVersion {
		return nil, fmt.Errorf("format %q version %d, want %q version %d", m.Format, m.Version, exportFormat, exportVersion)
	}
	if err := distinct("file", m.Files, func(f ExportFile) string { return f.Path }); err != nil {
		return nil, err
	}
	for _, f := range m.Files {
		if err := checkPath(f.Path); err != nil {
			return nil, err
		}
		if _, err := parseHash(f.SHA256); err != nil {
			return nil, fmt.Errorf("file %s: %w", f.Path, err)
		}
		if f.Rows < 0 || f.Bytes < 0 || f.Path == ManifestFile {
			return nil, fmt.Errorf("file %s: %d rows, %d bytes", f.Path, f.Rows, f.Bytes)
		}
	}
	return m.Files, nil
}
