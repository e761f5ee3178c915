package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// plainHandler prints log records for people: one line each, the level only where it is more than information.
type plainHandler struct {
	w     io.Writer
	least slog.Level
}

func (h plainHandler) Enabled(_ context.Context, l slog.Level) bool { return l >= h.least }

func (h plainHandler) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString("planwerk: ")
	switch {
	case r.Level >= slog.LevelError:
		b.WriteString("error: ")
	case r.Level >= slog.LevelWarn:
		b.WriteString("notice: ")
	}
	b.WriteString(oneLine(r.Message))
	r.Attrs(func(a slog.Attr) bool {
		if a.Key != "exit" {
			fmt.Fprintf(&b, " %s=%v", a.Key, a.Value)
		}
		return true
	})
	b.WriteByte('\n')
	_, err := io.WriteString(h.w, b.String())
	return err
}

// WithAttrs and WithGroup are not used by this program: every record carries its own attributes.
func (h plainHandler) WithAttrs([]slog.Attr) slog.Handler { return h }
func (h plainHandler) WithGroup(string) slog.Handler      { return h }
