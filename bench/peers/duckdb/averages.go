package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
)

// run is one measured run.
type run struct {
	Seconds    float64 `json:"seconds"`
	CPUSeconds float64 `json:"cpu_seconds"`
}

// measurement is what this process says of itself.
type measurement struct {
	Engine    string `json:"engine"`
	Version   string `json:"version"`
	Mode      string `json:"mode"`
	Runs      []run  `json:"runs"`
	PeakBytes int64  `json:"peak_bytes"`
}

// averages measures totals and averages by product type: MODE FILE ANSWER THREADS REPEAT, MODE being parquet or memory.
func averages(args []string) error {
	if len(args) != 5 {
		return fmt.Errorf("averages wants MODE FILE ANSWER THREADS REPEAT")
	}
	mode, file, answer := args[0], args[1], args[2]
	repeat, err := strconv.Atoi(args[4])
	if err != nil {
		return err
	}
	db, err := open("", args[3], "")
	if err != nil {
		return err
	}
	defer db.Close()
	from := fmt.Sprintf("read_parquet('%s')", file)
	if mode == "memory" {
		if err := db.exec("CREATE TABLE t AS SELECT type, amount, value FROM " + from); err != nil {
			return err
		}
		from = "t"
	}
	m := measurement{Engine: "DuckDB (duckdb-go)", Version: db.version, Mode: mode}
	for i := range repeat + 1 {
		took, err := timed(func() error {
			return db.exec("CREATE OR REPLACE TEMP TABLE answer AS SELECT type, sum(amount) AS amount, sum(value) AS value, sum(value) / sum(amount) AS average FROM " +
				from + " GROUP BY type")
		})
		if err != nil {
			return err
		}
		if i > 0 {
			m.Runs = append(m.Runs, took)
		}
	}
	if m.PeakBytes, err = peak(); err != nil {
		return err
	}
	if err := db.exec(fmt.Sprintf("COPY (SELECT type, amount, value FROM answer ORDER BY type) TO '%s' (FORMAT csv, HEADER false)", answer)); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(&m)
}

// database is one connection, so that temporary tables and settings stay.
type database struct {
	pool    *sql.DB
	conn    *sql.Conn
	version string
}

// open opens a database in memory, or at path, with so many threads and a memory limit where one is given.
func open(path, threads, memory string) (*database, error) {
	pool, err := sql.Open("duckdb", path)
	if err != nil {
		return nil, err
	}
	conn, err := pool.Conn(context.Background())
	if err != nil {
		return nil, err
	}
	db := &database{pool: pool, conn: conn}
	if err := db.exec("SET threads = " + threads + "; SET preserve_insertion_order = false"); err != nil {
		return nil, err
	}
	if memory != "" {
		if err := db.exec("SET memory_limit = '" + memory + "'"); err != nil {
			return nil, err
		}
	}
	return db, conn.QueryRowContext(context.Background(), "SELECT version()").Scan(&db.version)
}

func (db *database) Close() {
	db.conn.Close()
	db.pool.Close()
}

func (db *database) exec(sql string) error {
	_, err := db.conn.ExecContext(context.Background(), sql)
	return err
}

func timed(f func() error) (run, error) {
	begun, cpu := time.Now(), processorTime()
	err := f()
	return run{time.Since(begun).Seconds(), processorTime() - cpu}, err
}

// processorTime is this process's, in seconds.
func processorTime() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// peak is the most memory this process held, in bytes.
func peak() (int64, error) {
	var u syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Maxrss << 10, err
}
