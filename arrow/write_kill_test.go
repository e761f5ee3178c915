package arrow

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// killEnv makes the test binary a writer that is going to be killed: it replaces the same result over and over.
const killEnv = "PLANWERK_TEST_WRITE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(killEnv); dir != "" {
		for seed := uint64(0); ; seed++ {
			if _, err := writeKilled(dir, seed%2); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			fmt.Println("written")
		}
	}
	os.Exit(m.Run())
}

func writeKilled(dir string, seed uint64) (root string, err error) {
	tables := []ResultTable{testTable("a", 3000, seed, true), testTable("b", 10, seed, true), couponTable(20000)}
	return WriteResult(context.Background(), dir, tables, testParams, testManifest(), func(r string) any { return r },
		WriteOptions{Force: true, Threads: 2})
}

// Promise 6: kill −9 at any moment leaves no result or a whole one, and the next run gives the same root.
func TestKill(t *testing.T) {
	roots := map[string]uint64{}
	for seed := range uint64(2) {
		root, err := writeKilled(filepath.Join(t.TempDir(), "r"), seed)
		if err != nil {
			t.Fatal(err)
		}
		roots[root] = seed
	}
	parent := t.TempDir()
	present := 0
	for i := range killCount {
		dir := filepath.Join(parent, "r"+strconv.Itoa(i%3)) // new ones and ones to be replaced
		if i%4 == 0 {
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		}
		killWriter(t, dir, i%2 == 1)
		m, err := CheckResult(context.Background(), dir)
		switch {
		case err == nil:
			if _, known := roots[m.ResultRoot]; !known {
				t.Fatalf("root %s is neither of %v", m.ResultRoot, roots)
			}
			present++
		case !os.IsNotExist(err):
			t.Fatalf("half a result: %v", err)
		case exists(dir):
			t.Fatalf("a directory without a manifest: %v", err)
		}
	}
	t.Logf("%d kills, %d results whole, %d absent", killCount, present, killCount-present)
	for i := range 3 {
		if root, err := writeKilled(filepath.Join(parent, "r"+strconv.Itoa(i)), 0); err != nil || roots[root] != 0 {
			t.Fatalf("the next run: %s, %v", root, err)
		}
	}
	entries, err := os.ReadDir(parent)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".tmp-") {
			t.Errorf("%s is left after the next run", e.Name())
		}
	}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// killWriter starts a writer and kills it some moment later, counted from its first whole result if it is to have one.
func killWriter(t *testing.T, dir string, after bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), killEnv+"="+dir)
	var log strings.Builder
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if after {
		if _, err := out.Read(make([]byte, 1)); err != nil {
			t.Fatalf("the writer wrote nothing: %v\n%s", err, log.String())
		}
	}
	time.Sleep(time.Duration(10+rand.IntN(250)) * time.Millisecond)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatalf("the writer ended by itself: %v\n%s", err, log.String())
	}
	cmd.Wait()
	if log.Len() > 0 {
		t.Fatalf("the writer failed before it was killed: %s", log.String())
	}
}
