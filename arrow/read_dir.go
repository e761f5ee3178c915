package arrow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
)

// Limits of a directory of tables.
const (
	maxFiles = 1 << 20
	maxDepth = 32
)

// Directory is a directory of tables as found: files and folders named after tables, perhaps listed in a manifest.
// Hidden files and those that begin with an underscore do not count.
type Directory struct {
	Path     string
	Manifest bool              // there is a manifest.json, and it agrees with the listing and the sizes
	Tables   map[string][]File // sorted by path
	Ignored  []string          // files and folders that are no table, relative
}

// OpenDirectory lists the tables of a directory; known tells the names that tables may have. A manifest is checked
// against the listing and the sizes on disk: what it lists must be there as a regular file within the directory, not
// behind a link, and what is there must be listed.
func OpenDirectory(dir string, known func(table string) bool) (*Directory, error) {
	d := &Directory{Path: dir, Tables: map[string][]File{}}
	st, err := os.Stat(dir)
	if err != nil {
		return nil, &Error{File: dir, What: "cannot open", Err: baseError(err)}
	}
	if !st.IsDir() {
		return nil, &Error{File: dir, What: "is no directory", Hint: "name the directory that holds the tables"}
	}
	w := walk{root: dir}
	if err := w.dir("", 0); err != nil {
		return nil, err
	}
	listed, err := d.readManifest()
	if err != nil {
		return nil, err
	}
	if d.Manifest {
		hidden, err := d.checkListing(w.files, listed)
		if err != nil {
			return nil, err
		}
		w.files = append(w.files, hidden...)
	}
	return d, d.assign(w.files, listed, known)
}

// foundFile is a file of a directory.
type foundFile struct {
	name string // relative, with slashes
	link bool   // it or a folder above it is a symbolic link
	size int64
}

// walk lists files below a directory.
type walk struct {
	root  string
	files []foundFile
}

func hiddenName(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

func (w *walk) dir(rel string, depth int) error {
	if depth > maxDepth {
		return &Error{File: rel, What: fmt.Sprintf("folders nested deeper than %d levels", maxDepth)}
	}
	entries, err := os.ReadDir(filepath.Join(w.root, filepath.FromSlash(rel)))
	if err != nil {
		return &Error{File: rel, What: "cannot list", Err: baseError(err)}
	}
	for _, e := range entries {
		if hiddenName(e.Name()) {
			continue
		}
		name := e.Name()
		if rel != "" {
			name = rel + "/" + name
		}
		st, err := os.Stat(filepath.Join(w.root, filepath.FromSlash(name)))
		if err != nil {
			return &Error{File: name, What: "cannot open", Err: baseError(err)}
		}
		link := e.Type()&fs.ModeSymlink != 0
		if st.IsDir() {
			if link {
				return &Error{File: name, What: "is a link to a folder", Hint: "copy the folder, or read the directory it lies in"}
			}
			if err := w.dir(name, depth+1); err != nil {
				return err
			}
			continue
		}
		if len(w.files) >= maxFiles {
			return &Error{File: w.root, What: fmt.Sprintf("more than %d files", maxFiles)}
		}
		w.files = append(w.files, foundFile{name, link, st.Size()})
	}
	return nil
}

// readManifest reads manifest.json if there is one.
func (d *Directory) readManifest() (listed map[string]*ExportFile, err error) {
	defer func() { err = inFile(err, ManifestFile, "") }()
	f := File{Path: filepath.Join(d.Path, ManifestFile)}
	if _, err := os.Lstat(f.Path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	file, err := f.openSame()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, manifestMaxSize+1))
	if err != nil {
		return nil, readError(err)
	}
	files, err := ParseExportManifest(data)
	if err != nil {
		return nil, err
	}
	d.Manifest = true
	listed = make(map[string]*ExportFile, len(files))
	for i := range files {
		listed[files[i].Path] = &files[i]
	}
	return listed, nil
}

// checkListing compares what is on disk with what is listed. It returns the files that are listed although their names
// are those of hidden ones: they count, or their rows would be lost.
func (d *Directory) checkListing(found []foundFile, listed map[string]*ExportFile) (hidden []foundFile, err error) {
	on := make(map[string]*foundFile, len(found))
	for i := range found {
		on[found[i].name] = &found[i]
	}
	names := make([]string, 0, len(listed))
	for name := range listed {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		f := on[name]
		if f == nil {
			if f, err = lookHidden(d.Path, name); err != nil {
				return nil, err
			}
			hidden = append(hidden, *f)
		}
		if f.link {
			return nil, &Error{File: name, What: "is a link, and listed in " + ManifestFile, Hint: "put the file itself in its place"}
		}
		if want := listed[name].Bytes; f.size != want {
			return nil, &Error{File: name, What: fmt.Sprintf("has %d bytes, %s says %d", f.size, ManifestFile, want), Hint: "the file was changed or cut off: make the export again"}
		}
	}
	for i := range found {
		if name := found[i].name; listed[name] == nil && name != ManifestFile {
			return nil, &Error{File: name, What: "is not listed in " + ManifestFile, Hint: "remove the file, or make the export again"}
		}
	}
	return hidden, nil
}

// lookHidden looks at a listed file that a walk passes over.
func lookHidden(dir, name string) (*foundFile, error) {
	link, at := false, dir
	for part := range strings.SplitSeq(name, "/") {
		at = filepath.Join(at, part)
		st, err := os.Lstat(at)
		if err != nil {
			return nil, &Error{File: name, What: "is listed in " + ManifestFile + " and not there", Hint: "make the export again"}
		}
		link = link || st.Mode()&fs.ModeSymlink != 0
	}
	st, err := os.Stat(at)
	if err != nil || !st.Mode().IsRegular() {
		return nil, &Error{File: name, What: "is listed in " + ManifestFile + " and is no file", Hint: "make the export again"}
	}
	return &foundFile{name, link, st.Size()}, nil
}

// assign gives every file to its table.
func (d *Directory) assign(found []foundFile, listed map[string]*ExportFile, known func(string) bool) error {
	source := map[string]string{} // table to the entry of the directory that holds it
	for _, f := range found {
		if f.name == ManifestFile {
			continue
		}
		entry, rest, inFolder := strings.Cut(f.name, "/")
		table, kind := splitExtension(entry)
		if inFolder {
			table = entry
			last := rest[strings.LastIndexByte(rest, '/')+1:]
			_, kind = splitExtension(last)
		}
		if !known(table) || kind == FileUnknown {
			d.Ignored = append(d.Ignored, f.name)
			continue
		}
		if was, ok := source[table]; ok && was != entry {
			return &Error{File: entry, Table: table, What: "the table is there twice, also as " + quoteName(was), Hint: "leave one of them"}
		}
		source[table] = entry
		file := File{Path: filepath.Join(d.Path, filepath.FromSlash(f.name)), Name: f.name, Kind: kind, Bytes: f.size, Rows: -1}
		if l := listed[f.name]; l != nil {
			file.Rows, file.SHA256 = l.Rows, l.SHA256
		}
		files := d.Tables[table]
		if len(files) > 0 && files[0].Kind != kind {
			return &Error{File: f.name, Table: table, What: fmt.Sprintf("the folder mixes %v and %v", files[0].Kind, kind), Hint: "leave files of one format"}
		}
		d.Tables[table] = append(files, file)
	}
	for _, files := range d.Tables {
		slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	}
	return nil
}

// Verify hashes files on all threads, before a byte of them is decoded. A file that has a digest must match it; the
// others get theirs. What is read afterwards must still be the file that was hashed.
func Verify(ctx context.Context, files []*File, opt Options) error {
	order := slices.Clone(files)
	slices.SortStableFunc(order, func(a, b *File) int { return int(min(1, max(-1, b.Bytes-a.Bytes))) })
	return runTasks(ctx, workerCount(opt, len(order)), len(order), func(int) func(i int) error {
		buf := make([]byte, 1<<20)
		return func(i int) error { return inFile(order[i].verify(ctx, buf), order[i].Name, "") }
	}, nil)
}

func (f *File) verify(ctx context.Context, buf []byte) error {
	file, err := f.openSame()
	if err != nil {
		return err
	}
	defer file.Close()
	h, n := newSHA256(), int64(0)
	for {
		k, err := file.Read(buf)
		h.Write(buf[:k])
		n += int64(k)
		if err == io.EOF {
			break
		}
		if err != nil {
			return readError(err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if n != f.Bytes {
		return errChanged
	}
	var sum Hash
	h.Sum(sum[:0])
	if f.SHA256 != "" && !strings.EqualFold(f.SHA256, sum.String()) {
		return &Error{What: fmt.Sprintf("its SHA-256 is %s, %s says %s", sum, ManifestFile, f.SHA256), Hint: "the file was changed or damaged: make the export again"}
	}
	f.SHA256 = sum.String()
	return nil
}

func baseError(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
