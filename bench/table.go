package bench

import (
	"encoding/json"
	"os"
	"path/filepath"
	"time"
)

// Table is a measured table: tidy shows the latest of a name in README.md.
type Table struct {
	Table   string     `json:"table"`
	Time    string     `json:"time"`
	Machine string     `json:"machine"`
	Commit  string     `json:"commit"`
	Command string     `json:"command"`
	Columns []string   `json:"columns"`
	Cells   [][]string `json:"cells"`
	Raw     any        `json:"raw"` // everything that was measured
}

// NewTable begins a table measured now, on this machine.
func NewTable(name, command string, columns ...string) *Table {
	return &Table{Table: name, Time: time.Now().UTC().Format(time.RFC3339), Machine: Machine(), Commit: Commit(), Command: command, Columns: columns}
}

// Write saves the table as a file of results.
func (t *Table) Write(path string) error {
	text, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
