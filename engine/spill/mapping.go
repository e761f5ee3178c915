package spill

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"unsafe"
)

// Advice to Linux about mappings; package syscall has no names for them that every system knows.
const (
	adviseDontNeed = 4
	adviseHugePage = 14
)

const hugePage = 2 << 20

// mapMemory maps anonymous memory, in large pages where the system gives them.
func mapMemory(size int64) ([]byte, error) {
	data, err := syscall.Mmap(-1, 0, int(size), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return nil, os.NewSyscallError("mmap", err)
	}
	if size >= 2*hugePage {
		advise(data, adviseHugePage) // without them it is only slower
	}
	return data, nil
}

// mapFile maps a file of zeros that has no name any more. Its blocks are taken by writing them: a page of a hole that is
// first touched through a mapping costs ten times as much, and on a full disk the process.
func mapFile(dir string, size int64) ([]byte, error) {
	f, err := nameless(dir)
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
	data, err := syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	return data, os.NewSyscallError("mmap", err)
}

// nameless opens a new file in dir that has no name: the system removes it when nothing holds it any more. Where a file
// cannot be made without a name, it loses it at once.
func nameless(dir string) (*os.File, error) {
	if runtime.GOOS == "linux" {
		const temporary = 0x400000 // O_TMPFILE
		if f, err := os.OpenFile(dir, os.O_RDWR|syscall.O_DIRECTORY|temporary, 0o600); err == nil {
			return f, nil
		}
	}
	f, err := os.CreateTemp(dir, ".tmp-planwerk-spill-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(filepath.Join(dir, filepath.Base(f.Name()))); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// unmap ends a mapping. It fails only for what is none, which would be our own fault.
func unmap(data []byte) {
	if err := syscall.Munmap(data); err != nil {
		panic(os.NewSyscallError("munmap", err))
	}
}

// advise is madvise(2), where that is Linux's.
func advise(data []byte, advice uintptr) {
	if runtime.GOOS == "linux" {
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, uintptr(unsafe.Pointer(unsafe.SliceData(data))), uintptr(len(data)), advice)
	}
}
