package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// compared are the columns that SQL and planwerk both have; those behind | are decimals in planwerk's tables.
var compared = []struct{ table, columns string }{
	{"element_values", "element, durability, subelements | value, aggregate_value"},
	{"value_transfers", "allocation, production, mop | value"},
	{"production_values", "production | workloads, consumed, transferred, value, declared, difference, unassigned"},
	{"resource_values", "resource, product_type, collective | amount, value, remaining_amount, remaining_value"},
	{"mop_values", "mop, element | value, transferred, written_off, remaining"},
	{"averages", "subsystem, product_type | total_value, total_amount, average"},
	{"revisions", "subsystem, tax_numerator, tax_denominator | a, c, w, debt_out"},
	{"coupons", "workload, wallet, subsystem | minutes, coupon"},
	{"wallets", "wallet, subsystem | coupons, claimed, appropriated, balance"},
	{"subsystems", "collective, subsystem |"},
}

// checked says of a table how many rows it has and how many differ, on either side.
type checked struct {
	Table     string `json:"table"`
	Rows      int64  `json:"rows"`
	Different int64  `json:"different"`
}

// check compares the tables in OUT with planwerk's in RESULT: RESULT OUT THREADS MEMORY.
func check(args []string) error {
	if len(args) != 4 {
		return fmt.Errorf("check wants RESULT OUT THREADS MEMORY")
	}
	db, err := open("", args[2], args[3])
	if err != nil {
		return err
	}
	defer db.Close()
	j := &batchJob{database: db}
	var all []checked
	for _, c := range compared {
		plain, decimals, _ := strings.Cut(c.columns, " |")
		theirs, ours := plain, plain
		for _, d := range strings.Split(decimals, ",") {
			if d = strings.TrimSpace(d); d != "" {
				theirs += ", " + d
				ours += fmt.Sprintf(", CAST(%[1]s * 1000000 AS BIGINT) AS %[1]s", d)
			}
		}
		where := ""
		if c.table == "revisions" {
			where = " WHERE tax_numerator IS NOT NULL"
		}
		k := checked{Table: c.table}
		sql := fmt.Sprintf("SELECT %s FROM '%s/%s.parquet'", theirs, args[1], c.table)
		want := fmt.Sprintf("SELECT %s FROM '%s/%s.parquet'%s", ours, args[0], c.table, where)
		if k.Rows, err = j.count("SELECT count(*) FROM (" + want + ")"); err != nil {
			return fmt.Errorf("%s: %w", c.table, err)
		}
		if k.Different, err = j.count(fmt.Sprintf("SELECT count(*) FROM ((%[1]s EXCEPT ALL %[2]s) UNION ALL (%[2]s EXCEPT ALL %[1]s))", sql, want)); err != nil {
			return fmt.Errorf("%s: %w", c.table, err)
		}
		all = append(all, k)
	}
	return json.NewEncoder(os.Stdout).Encode(all)
}
