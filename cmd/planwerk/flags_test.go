package main

import (
	"strings"
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	good := func(text string, want int64) {
		t.Helper()
		if got, err := parseTime(text); err != nil || got != want {
			t.Errorf("parseTime(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
	january := time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC).UnixMicro()
	good("2026-01-31", january)
	good("2026-01-31T00:00:00Z", january)
	good("2026-01-31T01:30:00+01:30", january)
	good("2026-01-31T00:00:00.000001Z", january+1)
	good("1769817600000000", january)
	good("-5", -5)
	good("0001-01-01", time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro())
	for _, text := range []string{"", "yesterday", "2026-02-30", "2026-1-1", "2026-01-31T00:00:00", "2026-01-31T00:00:00.0000001Z", "99999999999999999999", "1e9"} {
		if got, err := parseTime(text); err == nil {
			t.Errorf("parseTime(%q) = %d, want an error", text, got)
		}
	}
}

func TestSizesAndCounts(t *testing.T) {
	size := func(text string, want int64) {
		t.Helper()
		var b byteSize
		if err := b.Set(text); err != nil || int64(b) != want {
			t.Errorf("size %q = %d, %v; want %d", text, b, err, want)
		}
	}
	size("12GiB", 12<<30)
	size("1.5 GiB", 3<<29)
	size("500MB", 500e6)
	size("65536", 65536)
	size("4k", 4096)
	rows := func(text string, want int64) {
		t.Helper()
		var c count
		if err := c.Set(text); err != nil || int64(c) != want {
			t.Errorf("count %q = %d, %v; want %d", text, c, err, want)
		}
	}
	rows("10M", 10e6)
	rows("100k", 100e3)
	rows("1.5M", 1.5e6)
	rows("2_500", 2500)
	rows("1B", 1e9)
	for _, text := range []string{"", "k", "1e9", "-3", "0.5", "1/3", "9999999999G", strings.Repeat("9", 60), "1GiB"} {
		var c count
		if err := c.Set(text); err == nil {
			t.Errorf("count %q = %d, want an error", text, c)
		}
	}
}

func TestRatio(t *testing.T) {
	for text, want := range map[string]string{"1/10": "1/10", "0.1": "1/10", "2/20": "1/10", "0": "0/1", "3": "3/1"} {
		var r ratio
		if err := r.Set(text); err != nil || r.String() != want {
			t.Errorf("ratio %q = %s, %v; want %s", text, r.String(), err, want)
		}
	}
	for _, text := range []string{"", "-1/10", "1/0", "a/b", "1e-3", "1/10/2", strings.Repeat("9", 30)} {
		var r ratio
		if err := r.Set(text); err == nil {
			t.Errorf("ratio %q = %s, want an error", text, r.String())
		}
	}
}

func TestHumanNumbers(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1 000", -1234567: "-1 234 567"} {
		if got := humanCount(n); got != want {
			t.Errorf("humanCount(%d) = %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1536: "1.5 KiB", 12 << 30: "12 GiB"} {
		if got := humanBytes(n); got != want {
			t.Errorf("humanBytes(%d) = %q, want %q", n, got, want)
		}
	}
}
