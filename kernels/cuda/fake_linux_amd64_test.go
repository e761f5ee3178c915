package cuda

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"planwerk/kernels/cuda/cudatest"

	"github.com/ebitengine/purego"
)

// fake opens a driver without a GPU; faults are those of cudatest's library.
func fake(t testing.TB, faults string) (*Device, error) {
	t.Helper()
	path := filepath.Join(cudatest.Driver(t), library)
	lib, err := purego.Dlopen(path, purego.RTLD_NOW)
	if err != nil {
		t.Fatal(err)
	}
	var set func(string)
	purego.RegisterLibFunc(&set, lib, "planwerkFake")
	set(faults)
	return open(puregoDriver(path))
}

func TestUnavailable(t *testing.T) {
	for faults, want := range map[string]string{
		"no-device":  "no CUDA-capable device is detected",
		"old-driver": "the driver knows CUDA 10.2; 11.0 is needed",
		"old-device": "Host shim has compute capability 7.0; 8.0 is needed",
		"no-module":  "the kernels do not load: cuModuleLoadData: device kernel image is invalid",
		"no-kernel":  "named symbol not found",
	} {
		_, err := fake(t, faults)
		var u *Unavailable
		if !errors.As(err, &u) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", faults, err, want)
		}
	}
	_, err := open(puregoDriver(filepath.Join(t.TempDir(), library)))
	if err == nil || !strings.Contains(err.Error(), "no NVIDIA driver") {
		t.Errorf("without a driver: %v", err)
	}
}
