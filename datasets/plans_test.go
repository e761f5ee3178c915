package datasets

import (
	"bytes"
	"io/fs"
	"os"
	"testing"
)

// TestPlanChecksums: README.md names every embedded plan problem and its digest, and each has what a problem needs.
func TestPlanChecksums(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range PlanExamples {
		example, files, err := FindPlan(e.Name)
		if err != nil || example.Name != e.Name {
			t.Fatal(err)
		}
		if d := digest(t, files); !bytes.Contains(readme, []byte(d)) {
			t.Errorf("README.md does not have the checksum of plan_%s, %s", e.Name, d)
		}
		for _, table := range []string{"products", "techniques", "flows", "targets"} {
			if _, err := fs.Stat(files, table+".csv"); err != nil {
				t.Error(err)
			}
		}
		if len(e.Explained) == 0 || e.Short == "" || e.Objective == "" {
			t.Errorf("%s is not explained", e.Name)
		}
	}
	if _, _, err := FindPlan("none"); err == nil {
		t.Error("a plan problem called none is found")
	}
}
