package arrow

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// hostileFiles lists the regression files of testdata/hostile below a folder.
func hostileFiles(t testing.TB, folder string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join("testdata", "hostile", folder), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(path, ".md") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// hang is how long a reader may take before a test calls it hung: long, since the machine of a test may be busy. The
// long tier, on a quiet machine, asks for ten seconds.
var hang = 2 * time.Minute

// inspectWithin reads a file and fails when it takes too long or holds more memory than it may.
func inspectWithin(t testing.TB, path, as string, limit int64) error {
	t.Helper()
	runtime.GC()
	ctx, cancel := context.WithTimeout(context.Background(), hang)
	defer cancel()
	peak := watchHeap()
	_, err := Inspect(ctx, path, as, Options{Threads: 2, Budget: NewBudget(limit)})
	if used := peak(); used > uint64(limit)+64<<20 {
		t.Errorf("%s: %d MiB held, the limit is %d", path, used>>20, limit>>20)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%s: not done in %v", path, hang)
	}
	if err != nil && (strings.ContainsAny(err.Error(), "\n\r") || !strings.Contains(err.Error(), filepath.Base(path))) {
		t.Errorf("%s: the message is not one line that names the file: %q", path, err)
	}
	return err
}

// watchHeap samples the heap until the function it returns is called, which gives the growth seen.
func watchHeap() func() uint64 {
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	done, result := make(chan struct{}), make(chan uint64)
	go func() {
		peak := uint64(0)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
			select {
			case <-done:
				result <- peak - min(peak, before.HeapAlloc)
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(done); return <-result }
}

// TestHostileFiles reads every file that once broke some reader, as what it is, and as everything else.
func TestHostileFiles(t *testing.T) {
	for folder, as := range map[string]string{"parquet": "parquet", "ipc-file": "arrow", "ipc-stream": "arrow", "csv": "csv"} {
		files := hostileFiles(t, folder)
		if len(files) == 0 {
			t.Fatalf("no files in %s", folder)
		}
		read := 0
		for _, f := range files {
			err := inspectWithin(t, f, "", 256<<20)
			if err == nil {
				read++
			} else if name := filepath.Base(f); strings.HasPrefix(name, "generated_") && !strings.HasSuffix(name, ".json.gz") {
				t.Errorf("a sound file of another implementation is refused: %v", err)
			}
			for _, other := range []string{"parquet", "arrow", "csv", "jsonl"} {
				inspectWithin(t, f, other, 256<<20)
			}
			inspectWithin(t, f, as, 64<<20)
		}
		t.Logf("%s: %d files, %d read", folder, len(files), read)
	}
}
