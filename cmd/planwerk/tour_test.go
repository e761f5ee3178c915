package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// tourBlock is a block of README.md that begins with a command.
var tourBlock = regexp.MustCompile("(?ms)^```\n(\\$ .*?)^```$")

// TestReadmeTour runs the commands README.md shows behind "$ ", in their order and in one folder, and compares what they
// print with what it shows; -update rewrites it.
func TestReadmeTour(t *testing.T) {
	if testing.Short() {
		t.Skip("computes a ledger of a million workloads")
	}
	const path = "../../README.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	data, err := filepath.Abs("../../datasets")
	if err == nil {
		err = os.Symlink(data, filepath.Join(dir, "datasets"))
	}
	if err != nil {
		t.Fatal(err)
	}
	must(t, dir, "demo", "--quiet")
	fresh := tourBlock.ReplaceAllStringFunc(string(text), func(block string) string {
		var b strings.Builder
		for step := range strings.SplitSeq(strings.TrimPrefix(tourBlock.FindStringSubmatch(block)[1], "$ "), "\n$ ") {
			command, shown, _ := strings.Cut(step, "\n")
			b.WriteString("$ " + command + "\n" + tourStep(t, dir, command, strings.TrimSuffix(shown, "\n")))
		}
		return "```\n" + b.String() + "```"
	})
	switch {
	case fresh == string(text):
	case !*update:
		t.Errorf("%s shows another output of its tour; go test ./cmd/planwerk -run Tour -update rewrites it", path)
	default:
		if err := os.WriteFile(path, []byte(fresh), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// tourStep runs a command of the tour and returns what to show below it: what is shown, if it prints the same but for
// measured figures. A file that the tour shows with cat is made from what it shows.
func tourStep(t *testing.T, dir, command, shown string) string {
	t.Helper()
	if name, ok := strings.CutPrefix(command, "cat "); ok {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(shown+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return shown + "\n"
	}
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "PATH="+filepath.Dir(binary)+string(filepath.ListSeparator)+os.Getenv("PATH"))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != exitViolations {
		t.Fatalf("%s: %v\n%s", command, err, stderr.String())
	}
	printed := strings.TrimSpace(trailing.ReplaceAllString(stdout.String(), ""))
	if measured.ReplaceAllString(printed, "…") != measured.ReplaceAllString(shown, "…") {
		t.Logf("%s prints\n%s", command, printed)
		return printed + "\n"
	}
	return shown + "\n"
}

var (
	trailing = regexp.MustCompile(`(?m) +$`)
	measured = regexp.MustCompile(`(?m)seconds=\S+| +\d+\.\d{3}$`) // seconds, which differ from run to run
)
