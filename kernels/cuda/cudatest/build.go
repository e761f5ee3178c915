// Package cudatest builds a CUDA driver without a GPU for tests: the kernels of package cuda compiled for the host, their
// threads in lockstep. It is used by tests only.
package cudatest

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// Driver puts a libcuda.so.1 of its own into a temporary folder and returns the folder. The test is skipped where that
// cannot be: on other systems, and without a C++ compiler.
func Driver(t testing.TB) string {
	t.Helper()
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("the host shim of the CUDA kernels runs on linux/amd64 only")
	}
	compiler := compilerPath()
	if compiler == "" {
		t.Skip("no C++ compiler here: the CUDA kernels are not tested on the host")
	}
	library, err := build(compiler)
	if err != nil {
		t.Fatalf("the host shim does not compile: %v", err)
	}
	out := t.TempDir()
	if err := os.WriteFile(filepath.Join(out, "libcuda.so.1"), library, 0o755); err != nil {
		t.Fatal(err)
	}
	return out
}

func compilerPath() string {
	for _, name := range []string{"g++", "clang++", "clang++-19", "clang++-16", "c++"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// built is the library, compiled once per process.
var built struct {
	sync.Once
	library []byte
	err     error
}

func build(compiler string) ([]byte, error) {
	built.Do(func() {
		_, here, _, _ := runtime.Caller(0)
		folder := filepath.Join(filepath.Dir(here), "host")
		out, err := os.CreateTemp("", "libcuda")
		if err != nil {
			built.err = err
			return
		}
		defer os.Remove(out.Name())
		out.Close()
		cmd := exec.Command(compiler, "-std=c++17", "-O1", "-fPIC", "-shared", "-ffp-contract=off", "-fcf-protection=none", "-Wall", "-Wextra",
			"-I", folder, "-x", "c++", filepath.Join(folder, "libcuda.cpp"), "-o", out.Name())
		cmd.Env = append(os.Environ(), "LC_ALL=C")
		if text, err := cmd.CombinedOutput(); err != nil || len(text) > 0 {
			built.err = &failure{err, text}
			return
		}
		built.library, built.err = os.ReadFile(out.Name())
	})
	return built.library, built.err
}

// failure is what a compiler complained of.
type failure struct {
	err  error
	text []byte
}

func (f *failure) Error() string { return "\n" + string(f.text) }
func (f *failure) Unwrap() error { return f.err }
