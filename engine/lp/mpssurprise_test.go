package lp_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"planwerk/engine/lp"
)

const oneColumn = "NAME T\nROWS\n N C\n G R\nCOLUMNS\n X C 1 R 1\n"

// TestReadMPSRefusesWhatReadersDisagreeOn: a file that others read otherwise is an error that says what to do.
func TestReadMPSRefusesWhatReadersDisagreeOn(t *testing.T) {
	head := oneColumn
	for text, want := range map[string]string{
		head + "RHS\n A R 1\n B C 2\nENDATA\n":               "f.mps:9: RHS has a second set, B beside A",
		head + "RANGES\n A R 1\n B C 2\nENDATA\n":            "f.mps:9: RANGES has a second set",
		head + "BOUNDS\n UP A X 1\n UP B X 2\nENDATA\n":      "f.mps:9: BOUNDS has a second set",
		head + "BOUNDS\n UP A X 1\n UP A X 2\nENDATA\n":      "f.mps:9: column X has two upper bounds, 1 and 2",
		head + "BOUNDS\n LO A X 1\n FX A X 2\nENDATA\n":      "f.mps:9: column X has two lower bounds",
		head + "BOUNDS\n FX A X 1e30\nENDATA\n":              "f.mps:8: column X is fixed at +Inf",
		head + "BOUNDS\n UP A X -1e30\nENDATA\n":             "f.mps:8: the upper bound of column X is -Inf",
		head + "RHS\n A C 1\n A C 2\nENDATA\n":               "f.mps:9: the objective C has two right-hand sides",
		head + "RHS\n A C inf\nENDATA\n":                     "f.mps:8: the right-hand side of the objective C is +Inf",
		head + "RHS\n A R 1e30\nENDATA\n":                    "f.mps:8: the right-hand side of row R is 1e+30",
		head + " Y R 0x10\nENDATA\n":                         "f.mps:7: column Y, row R: \"0x10\" is not",
		head + " Y R 1e-320\nENDATA\n":                       "f.mps:7: column Y, row R: 1e-320 is too small",
		"OBJNAME\n Q\n" + head + "ENDATA\n":                  "f.mps: OBJNAME names Q, which is no row of type N",
		"OBJNAME\n R\n" + head + "ENDATA\n":                  "f.mps: OBJNAME names R",
		"ROWS\n N C\nOBJNAME\n D\nENDATA\n":                  "f.mps:4: OBJNAME D comes after ROWS",
		"ROWS\n N C\nENDATA\n":                               "no section COLUMNS",
		"ENDATA\n":                                           "no section ROWS",
		"\x28\xb5\x2f\xfd and more":                          "f.mps: is packed with zstd",
		"BZh91AY":                                            "f.mps: is packed with bzip2",
		"\xff\xfeN\x00A\x00":                                 "f.mps: is in UTF-16",
		"\x1f\x8b":                                           "f.mps: damaged gzip data, or cut off",
		"Minimize\n obj: x\nEnd\n":                           "f.mps:1: section Minimize is not one of a linear program in MPS format",
		strings.Replace(head, "NAME", "\x01NAME", 1) + "END": "f.mps:1: section \"\\x01NAME\"",
	} {
		if _, err := lp.ReadMPS(strings.NewReader(text), "f.mps"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v for %q, want %q in it", err, text, want)
		}
	}
	dir := t.TempDir()
	if _, err := lp.ReadMPSFile(dir); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("a directory: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "x.mps"), []byte(oneColumn+"ENDATA\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if p, err := lp.ReadMPSFile(filepath.Join(dir, "x.mps")); err != nil || len(p.Notices) != 0 {
		t.Errorf("a plain file: %v, %v", p, err)
	}
}

// TestReadMPSNotices: what is read in one of several ways is said.
func TestReadMPSNotices(t *testing.T) {
	for text, want := range map[string]string{
		oneColumn + "BOUNDS\n UP B X -3\nENDATA\n":               "negative upper bound and no lower one have none, not 0: 1, the first of them X",
		oneColumn + "ENDATA\nROWS\n":                             "f.mps:8: what follows ENDATA is left out",
		"ROWS\n G R\nCOLUMNS\n X R 1\nENDATA\n":                  "no row of type N",
		oneColumn + "BOUNDS\n LO B X -5\n UP B X -3\nENDATA\n":   "",
		oneColumn + "BOUNDS\n UP B X 5\n UP B X 5\nENDATA\n":     "",
		oneColumn + "RHS\n R 1\n B C 2\nBOUNDS\n MI X\nENDATA\n": "",
	} {
		p, err := lp.ReadMPS(strings.NewReader(text), "f.mps")
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if got := strings.Join(p.Notices, "; "); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%q: notices %q, want %q", text, got, want)
		}
	}
}
