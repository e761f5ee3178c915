package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/vbauerster/mpb/v8/cwriter"
)

// oneLine makes a message one line that no terminal takes for commands: line ends become "; ", other control characters
// are printed as \x1b is here. Names and ids come from foreign files.
func oneLine(text string) string {
	return escape(strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), "; "), "")
}

// escape prints control characters, but those to keep, as \x1b is here.
func escape(text, keep string) string {
	commands := func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune(keep, r) }
	if strings.IndexFunc(text, commands) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if commands(r) {
			fmt.Fprintf(&b, `\x%02x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// guarded is where people read an outcome: on a terminal the ids and names of a ledger must not move its cursor. What
// goes to a file or a pipe stays as it is.
func guarded(w io.Writer) io.Writer {
	if file, ok := w.(*os.File); ok && cwriter.IsTerminal(int(file.Fd())) {
		return terminalText{w}
	}
	return w
}

// terminalText escapes the control characters of what is written.
type terminalText struct{ to io.Writer }

func (t terminalText) Write(p []byte) (int, error) {
	if _, err := io.WriteString(t.to, escape(string(p), "\n\t")); err != nil {
		return 0, err
	}
	return len(p), nil
}
