package spill

import (
	"planwerk/kernels/system"
)

const hugePage = 2 << 20

// mapMemory maps anonymous memory, in large pages where the system gives them.
func mapMemory(size int64) ([]byte, error) {
	data, err := system.MapMemory(size)
	if err == nil && size >= 2*hugePage {
		system.LargePages(data)
	}
	return data, err
}

// mapFile maps a file of zeros that has no name any more. Its blocks are taken by writing them: a page of a hole that is
// first touched through a mapping costs ten times as much, and on a full disk the process.
func mapFile(dir string, size int64) ([]byte, error) {
	f, err := system.Nameless(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close() // the mapping keeps the content
	zeros := make([]byte, min(size, 1<<20))
	for at := int64(0); at < size; at += int64(len(zeros)) {
		if _, err := f.WriteAt(zeros[:min(int64(len(zeros)), size-at)], at); err != nil {
			return nil, err
		}
	}
	return system.MapFile(f, size, true)
}

// unmap ends a mapping. It fails only for what is none, which would be our own fault.
func unmap(data []byte) {
	if err := system.Unmap(data); err != nil {
		panic(err)
	}
}
