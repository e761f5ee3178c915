package hardware

import (
	"os/exec"
	"strings"
)

// findGCC looks for the compiler of the peer.
func findGCC() (path string, ok bool) {
	path, err := exec.LookPath("gcc")
	return path, err == nil
}

// compilerVersion is the compiler's first line about itself.
func compilerVersion(path string) string {
	text, err := exec.Command(path, "--version").Output()
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return line
}
