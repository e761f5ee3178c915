package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"planwerk/arrow"
	"planwerk/engine/ledger"
	"planwerk/engine/spill"
	"planwerk/kernels/system"
)

// columnsAccount says where the columns of a batch lay.
type columnsAccount struct {
	EstimateBytes int64 `json:"estimate_bytes"` // what they were expected to take
	MostBytes     int64 `json:"most_bytes"`     // what those of 1 MiB and more took at the most
	FileBytes     int64 `json:"file_bytes"`     // of it in files, where the ledger is larger than memory
	EvictedBytes  int64 `json:"evicted_bytes"`  // mappings taken away to stay below the limit, again and again
	PeakBytes     int64 `json:"peak_bytes"`     // the most memory the process held so far; 0 where the system does not tell
}

func (c *computation) columns() *columnsAccount {
	if c.space == nil {
		return nil
	}
	u := c.space.Usage()
	return &columnsAccount{c.need, u.Most, u.MostFiles, u.Evicted, peakMemory()}
}

// Sizes that decide where columns lie.
const (
	smallLedger = 32 << 20  // below, the Go heap is as good
	besideFiles = 384 << 20 // for pages being read and written, threads and small columns, however many columns lie in files
)

// leastMemory is what columns of some size need of memory when all of them lie in files.
func leastMemory(need int64) int64 { return min(besideFiles, need/16) }

// place chooses where the columns of a batch lie: in memory if they are expected to fit below --memory, or the memory
// the system has to give; else in files in the folder --spill, or beside out.
func (sh *shell) place(c *computation, ledgerDir, out string) error {
	dir, err := arrow.OpenDirectory(ledgerDir, func(name string) bool {
		_, known := ledger.TableByName(name)
		return known
	})
	if err != nil {
		return err
	}
	c.need = memoryFor(dir)
	if c.limit = int64(sh.memory); c.limit == 0 {
		c.limit = memoryToGive()
	}
	limit := c.limit
	switch {
	case c.need < smallLedger && (limit == 0 || c.need < limit):
		return nil
	case limit == 0:
		c.space = spill.New(spill.Config{})
		return nil
	case withSlack(c.need) <= limit: // files only if the estimate is wrong
		c.space = spill.New(spill.Config{Dir: sh.spillFolder(out), Memory: limit - leastMemory(c.need)/2, Limit: limit})
		return nil
	}
	return sh.placeInFiles(c, limit, out)
}

// readingMemory bounds what reading takes beside columns in files, or with those in memory.
func (c *computation) readingMemory() int64 {
	if c.space.MayUseFiles() {
		return max(c.limit, besideFiles)
	}
	return c.limit
}

// withSlack is the memory to give for columns of some size.
func withSlack(need int64) int64 { return need + need/40 + leastMemory(need)/2 }

// spillFolder is where columns go that do not fit into memory.
func (sh *shell) spillFolder(out string) string {
	if sh.spill != "" {
		return sh.spill
	}
	return nearestFolder(out)
}

// placeInFiles is for a ledger larger than memory.
func (sh *shell) placeInFiles(c *computation, limit int64, out string) error {
	if least := leastMemory(c.need); limit < least {
		return inputf("--memory %s is too small: the columns, about %s, can lie in files, but %s are needed beside them; give --memory %s, or %s to need no files",
			humanBytes(limit), humanBytes(c.need), humanBytes(least), humanBytes(least), humanBytes(withSlack(c.need)))
	}
	folder := sh.spillFolder(out)
	if about, err := os.Stat(folder); err == nil && !about.IsDir() {
		return inputf("--spill %s is a file; name a folder", folder)
	}
	if free, err := system.FreeBytes(folder); err != nil {
		return inputf("--spill %s: %w", folder, err)
	} else if free < c.need {
		return inputf("the ledger needs about %s for its columns, more than the memory there is to use (%s); files in %s, where %s are free, have no room for them: name another folder with --spill, or give --memory %s",
			humanBytes(c.need), humanBytes(limit), folder, humanBytes(free), humanBytes(withSlack(c.need)))
	}
	sh.log.Info(fmt.Sprintf("the ledger's columns, about %s, are more than the memory there is to use (%s): those of %s and more lie in files in %s",
		humanBytes(c.need), humanBytes(limit), humanBytes(spill.Least), folder))
	c.space = spill.New(spill.Config{Dir: folder, Limit: limit})
	return nil
}

// nearestFolder is the folder that holds path, or would hold it, and can be written to; else the system's for temporary files.
func nearestFolder(path string) string {
	if abs, err := filepath.Abs(path); err == nil && path != "" {
		for at := filepath.Dir(abs); ; at = filepath.Dir(at) {
			if system.Writable(at) {
				return at
			}
			if at == filepath.Dir(at) {
				break
			}
		}
	}
	return os.TempDir()
}

// memoryToGive is the memory that the system has for programs, 0 where it does not tell.
func memoryToGive() int64 { return kilobytes("/proc/meminfo", "MemAvailable:") }

// peakMemory is the most memory that this process has held at one time, 0 where the system does not tell.
func peakMemory() int64 { return kilobytes("/proc/self/status", "VmHWM:") }

// kilobytes reads a line such as "VmHWM:  123 kB".
func kilobytes(path, name string) int64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(text) {
		if f := bytes.Fields(line); len(f) >= 2 && string(f[0]) == name {
			n, _ := strconv.ParseInt(string(f[1]), 10, 64)
			return n << 10
		}
	}
	return 0
}

// print tells people of the files; columns in memory need no word.
func (a *columnsAccount) print(w io.Writer) {
	if a != nil && a.FileBytes > 0 {
		fmt.Fprintf(w, "\nColumns: %s at most, %s of it in files that are gone now; memory %s at most.\n",
			humanBytes(a.MostBytes), humanBytes(a.FileBytes), humanBytes(a.PeakBytes))
	}
}
