package main

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// The definitions of a batch as SQL, for an export without violations: what planwerk computes beside (checks of every
// rule, settlement, parity, Merkle roots) is left out. Two things are loops around SQL, as their depth is not known
// before: the levels of productions, and components of trust.
//
//go:embed sql/*.sql
var scripts embed.FS

// stage is a step of the batch, with what it took.
type stage struct {
	Name string `json:"name"`
	run
}

// batchRun is what the process says of itself.
type batchRun struct {
	Engine    string  `json:"engine"`
	Version   string  `json:"version"`
	Stages    []stage `json:"stages"`
	Levels    int     `json:"levels"`
	PeakBytes int64   `json:"peak_bytes"`
}

// batchJob is a batch under way.
type batchJob struct {
	*database
	ledger, out string
	after       int64
	until       int64
	levels      int
}

// batch computes LEDGER's period ]AFTER, UNTIL] (dates) into OUT: LEDGER AFTER UNTIL OUT THREADS MEMORY.
func batch(args []string) error {
	if len(args) != 6 {
		return fmt.Errorf("batch wants LEDGER AFTER UNTIL OUT THREADS MEMORY")
	}
	j := &batchJob{ledger: args[0], out: args[3]}
	for i, to := range []*int64{&j.after, &j.until} {
		t, err := time.Parse(time.DateOnly, args[1+i])
		if err != nil {
			return err
		}
		*to = t.UnixMicro()
	}
	if err := os.MkdirAll(j.out, 0o777); err != nil {
		return err
	}
	var err error
	if j.database, err = open("", args[4], args[5]); err != nil {
		return err
	}
	defer j.Close()
	if err := j.exec("SET temp_directory = '" + j.out + "/spill'"); err != nil {
		return err
	}
	said := batchRun{Engine: "DuckDB (SQL)", Version: j.version}
	for _, s := range []struct {
		name string
		do   func() error
	}{
		{"load", j.script("1_load")}, {"elements", j.script("2_elements")}, {"machines", j.script("3_machines")}, {"draws", j.script("4_draws")},
		{"levels", j.level}, {"order", j.script("5_order")}, {"productions", j.productions}, {"subsystems", j.subsystems},
		{"averages and revision", j.script("6_results")}, {"coupons", j.script("7_coupons")}, {"write", j.script("8_write")},
	} {
		took, err := timed(s.do)
		fmt.Fprintf(os.Stderr, "  %-22s %7.2f s wall %7.2f s CPU\n", s.name, took.Seconds, took.CPUSeconds)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		said.Stages = append(said.Stages, stage{s.name, took})
	}
	said.Levels = j.levels
	if said.PeakBytes, err = peak(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(&said)
}

// inParts has tables that stand in parts, in a folder of their own, read from all of them.
func (j *batchJob) inParts(sql string) string {
	return tableFile.ReplaceAllStringFunc(sql, func(file string) string {
		table := tableFile.FindStringSubmatch(file)[1]
		if info, err := os.Stat(filepath.Join(j.ledger, table)); err == nil && info.IsDir() {
			return "{ledger}/" + table + "/*.parquet"
		}
		return file
	})
}

var tableFile = regexp.MustCompile(`\{ledger\}/(\w+)\.parquet`)

// script runs a file of statements.
func (j *batchJob) script(name string) func() error {
	return func() error {
		text, err := scripts.ReadFile("sql/" + name + ".sql")
		if err != nil {
			return err
		}
		sql := strings.NewReplacer("{ledger}", j.ledger, "{out}", j.out, "{k1}", fmt.Sprint(j.after), "{k2}", fmt.Sprint(j.until)).Replace(j.inParts(string(text)))
		return j.exec(sql)
	}
}

func (j *batchJob) count(sql string) (n int64, err error) {
	err = j.conn.QueryRowContext(context.Background(), sql).Scan(&n)
	return n, err
}

// level finds the levels of productions: one whose inputs come from levels below takes the next.
func (j *batchJob) level() error {
	for l := 0; ; l++ {
		err := j.exec(fmt.Sprintf(`
			CREATE OR REPLACE TEMP TABLE freed AS SELECT e.p AS production, count(*) AS n FROM edges e JOIN levels l ON l.production = e.f AND l.level = %d GROUP BY e.p;
			UPDATE waiting SET n = waiting.n - freed.n FROM freed WHERE waiting.production = freed.production;
			INSERT INTO levels SELECT production, %d FROM waiting JOIN freed USING (production) WHERE waiting.n = 0`, l, l+1))
		if err != nil {
			return err
		}
		if n, err := j.count("SELECT count(*) FROM freed"); err != nil || n == 0 {
			j.levels = l + 1
			return err
		}
	}
}

// productions values level after level: productions from what they consume, outputs and what was transferred of them.
func (j *batchJob) productions() error {
	hops, err := j.count("SELECT coalesce(max(hop), 0) FROM resources")
	if err != nil {
		return err
	}
	for l := range j.levels {
		sql := fmt.Sprintf(`
			INSERT INTO production_sums SELECT o.production, o.workloads, coalesce(c.v, 0), o.transferred FROM own o LEFT JOIN (
				SELECT c.production, CAST(sum(floor_share(w.v, c.qa, c.a) - floor_share(w.v, c.qb, c.a)) AS BIGINT) AS v
				FROM counted_by_level c JOIN worth w USING (resource) WHERE c.level = %[1]d GROUP BY c.production) c USING (production) WHERE o.level = %[1]d;
			INSERT INTO worth SELECT o.resource, floor_share(p.workloads + p.consumed + p.transferred, o.qa, o.a) - floor_share(p.workloads + p.consumed + p.transferred, o.qb, o.a)
			FROM outputs_by_level o JOIN production_sums p USING (production) WHERE o.level = %[1]d AND o.a > 0;`, l)
		for h := int64(1); h <= hops; h++ {
			sql += fmt.Sprintf(`
			INSERT INTO worth SELECT m.new_resource, floor_share(w.v, m.qa, m.a) - floor_share(w.v, m.qb, m.a) FROM moved_by_level m JOIN worth w USING (resource) WHERE m.level = %d AND m.hop = %d;`, l, h)
		}
		if err := j.exec(sql); err != nil {
			return err
		}
	}
	return nil
}

// subsystems finds the components of trust at k2 and at the end of each recorded revision.
func (j *batchJob) subsystems() error {
	if err := j.components("subsystems", j.until); err != nil {
		return err
	}
	if err := j.exec("CREATE TABLE components_at (until BIGINT, collective BIGINT, label BIGINT)"); err != nil {
		return err
	}
	rows, err := j.conn.QueryContext(context.Background(), "SELECT DISTINCT until FROM revisions")
	if err != nil {
		return err
	}
	var times []int64
	for rows.Next() {
		var t int64
		if err := rows.Scan(&t); err != nil {
			return err
		}
		times = append(times, t)
	}
	rows.Close()
	for _, t := range times {
		if err := j.components("then_"+fmt.Sprint(t), t); err != nil {
			return err
		}
		if err := j.exec(fmt.Sprintf("INSERT INTO components_at SELECT %d, collective, label FROM then_%d", t, t)); err != nil {
			return err
		}
	}
	return rows.Err()
}

// components labels every collective with the smallest one it is connected to at a time: neighbours' labels, then labels
// of labels, until nothing changes.
func (j *batchJob) components(table string, at int64) error {
	err := j.exec(fmt.Sprintf(`
		CREATE OR REPLACE TEMP TABLE ties AS SELECT a, b FROM trust WHERE since <= %[1]d AND (until IS NULL OR until > %[1]d) UNION SELECT b, a FROM trust WHERE since <= %[1]d AND (until IS NULL OR until > %[1]d);
		CREATE TABLE %[2]s AS SELECT collective, collective AS label FROM collectives`, at, table))
	if err != nil {
		return err
	}
	for {
		n, err := j.count(fmt.Sprintf("SELECT count(*) FROM ties t JOIN %[1]s a ON a.collective = t.a JOIN %[1]s b ON b.collective = t.b WHERE a.label <> b.label", table))
		if err != nil || n == 0 {
			return err
		}
		err = j.exec(fmt.Sprintf(`
			CREATE OR REPLACE TABLE %[1]s AS SELECT c.collective, least(c.label, coalesce(min(n.label), c.label)) AS label
			FROM %[1]s c LEFT JOIN ties t ON t.a = c.collective LEFT JOIN %[1]s n ON n.collective = t.b GROUP BY c.collective, c.label;
			CREATE OR REPLACE TABLE %[1]s AS SELECT c.collective, l.label FROM %[1]s c JOIN %[1]s l ON l.collective = c.label`, table))
		if err != nil {
			return err
		}
	}
}
