package arrow

import "fmt"

// ExtraFile is a file of a result that is neither table nor summary, such as a plot. The manifest lists it with its digest; it
// is no part of the root.
type ExtraFile struct {
	Name string // without folders
	Data []byte
}

func writeExtra(d *pendingDir, man *Manifest, files []ExtraFile) error {
	for _, extra := range files {
		f, err := d.writeFile(extra.Name, extra.Data)
		if err != nil {
			return fmt.Errorf("%s: %w", extra.Name, err)
		}
		man.Outputs = append(man.Outputs, OutputFile{Path: extra.Name, Bytes: f.bytes, SHA256: f.digest().String()})
	}
	return nil
}
