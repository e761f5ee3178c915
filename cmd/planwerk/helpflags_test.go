package main

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestHelpIsShort: the flags of all commands take one line of each command's help; the topic explains each of them.
func TestHelpIsShort(t *testing.T) {
	topic := must(t, ".", "help", "flags").stdout
	eachCommand(func(c *cobra.Command) {
		for _, flag := range regexp.MustCompile(`--[a-z]+`).FindAllString(c.PersistentFlags().FlagUsages(), -1) {
			if !strings.Contains(topic, "\n  "+flag+" ") {
				t.Errorf("\"planwerk help flags\" does not explain %s", flag)
			}
		}
		if !c.HasParent() || !c.Runnable() {
			return
		}
		help := must(t, ".", append(strings.Fields(c.CommandPath())[1:], "--help")...).stdout
		if strings.Contains(help, "machine-readable") || strings.Count(help, "planwerk help flags") != 1 {
			t.Errorf("the help of %s does not name the flags of all commands in one line:\n%s", c.CommandPath(), help)
		}
	})
}

// TestPartJSON: one computation alone under --json is one object of rows by table, with the cells of its CSV.
func TestPartJSON(t *testing.T) {
	dir := demoExport(t)
	period := strings.Fields("--ledger ledger --after 2026-02-01 --until 2026-03-01 --quiet")
	for _, name := range []string{"wallets", "averages", "revision"} {
		var tables map[string][]map[string]any
		o := must(t, dir, append([]string{name, "--json"}, period...)...)
		if err := json.Unmarshal([]byte(o.stdout), &tables); err != nil || strings.Count(o.stdout, "\n") != 1 {
			t.Fatalf("%s: %v\n%s", name, err, o.stdout)
		}
		lines := strings.Split(strings.TrimSpace(must(t, dir, append([]string{name}, period...)...).stdout), "\n")
		rows := 0
		for _, table := range tables {
			rows += len(table)
		}
		if head := 3*len(tables) - 2; rows == 0 || len(tables) == 1 && rows != len(lines)-1 || len(tables) > 1 && rows != len(lines)-head-1 {
			t.Errorf("%s: %d rows in JSON, %d lines of CSV of %d tables", name, rows, len(lines), len(tables))
		}
		if name == "wallets" {
			cells := strings.Split(lines[1], ",")
			first := tables[name][0]
			if first["wallet"] != cells[0] || first["coupons"] != cells[2] || first["balance"] != cells[5] {
				t.Errorf("%v is not %v", first, cells)
			}
		}
	}
}
