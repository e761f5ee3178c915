package arrow

import (
	"errors"
	"os"
)

var (
	errChanged    = errors.New("the file changed while it was read")
	errNotRegular = errors.New("it is no regular file")
)

// fileIdentity tells whether a file is still the one that was looked at.
type fileIdentity struct{ info os.FileInfo }

// openSame opens the file and refuses it when it is another one than was hashed.
func (f *File) openSame() (*os.File, error) {
	st, err := os.Stat(f.Path) // before opening, which would wait for a pipe's other end
	if err == nil && !st.Mode().IsRegular() {
		err = errNotRegular
	}
	if err != nil {
		return nil, cannotOpen(err)
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, cannotOpen(err)
	}
	st, err = file.Stat()
	if was := f.identity.info; err == nil && was != nil &&
		(!os.SameFile(was, st) || was.Size() != st.Size() || !was.ModTime().Equal(st.ModTime())) {
		err = errChanged
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	if f.identity.info == nil {
		f.identity.info, f.Bytes = st, st.Size()
	}
	return file, nil
}

// cannotOpen drops the path, which the message names already.
func cannotOpen(err error) error {
	return &Error{What: "cannot open", Err: baseError(err)}
}
