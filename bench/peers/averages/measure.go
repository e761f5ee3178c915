package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Where an engine takes the table from.
const (
	modeParquet = "parquet"
	modeIPC     = "ipc"
	modeMemory  = "memory"

	modeFloor = "floor" // not an engine: reading the bytes from memory, or from the mapped file, and nothing else
)

// engineRun is one measured run.
type engineRun struct {
	Seconds    float64 `json:"seconds"`
	CPUSeconds float64 `json:"cpu_seconds"`
}

// measurement is what an engine's process says of itself, and the medians.
type measurement struct {
	Engine    string      `json:"engine"`
	Version   string      `json:"version"`
	Mode      string      `json:"mode"`
	Runs      []engineRun `json:"runs"`
	Floor     []engineRun `json:"floor,omitempty"` // of planwerk, run in turn with the others
	FloorWall float64     `json:"median_floor_seconds,omitempty"`
	PeakBytes int64       `json:"peak_bytes"`
	Wall      float64     `json:"median_seconds"`
	CPU       float64     `json:"median_cpu_seconds"`
	Answer    string      `json:"answer"` // how it compares with planwerk's
	peer      string
}

// measure runs planwerk first, whose answer is the one that others are compared with.
func measure(cfg *config) ([]measurement, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var all []measurement
	var want []byte
	take := func(peer, mode string, cmd *exec.Cmd, answer string) error {
		m, err := process(cmd)
		if err != nil {
			return fmt.Errorf("%s from %s: %w", peer, mode, err)
		}
		got, err := os.ReadFile(answer)
		if err != nil {
			return err
		}
		if want == nil {
			want = got
		}
		m.peer, m.Mode, m.Answer = peer, mode, "equal"
		if !bytes.Equal(got, want) {
			m.Answer = "differs"
		}
		m.medians()
		if m.Floor != nil {
			f := measurement{Engine: "floor: reading every byte", Mode: mode, Runs: m.Floor, peer: modeFloor}
			f.medians()
			m.FloorWall = f.Wall
			all = append(all, f)
		}
		all = append(all, m)
		return nil
	}
	answer := filepath.Join(cfg.dir, "answer.csv")
	defer os.Remove(answer)
	for _, mode := range []string{modeMemory, modeIPC, modeParquet} {
		cmd := exec.Command(self, "-worker", mode, "-rows", fmt.Sprint(cfg.rows), "-dir", cfg.dir, "-answer", answer,
			"-threads", fmt.Sprint(cfg.threads), "-repeat", fmt.Sprint(cfg.repeat))
		if err := take("planwerk", mode, cmd, answer); err != nil {
			return nil, err
		}
	}
	for _, p := range peers(cfg) {
		for _, mode := range []string{modeMemory, modeParquet} {
			_ = os.Remove(answer)
			cmd := p.command(cfg, mode, answer)
			if err := take(p.name, mode, cmd, answer); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// process runs a command that prints a measurement.
func process(cmd *exec.Cmd) (m measurement, err error) {
	fmt.Fprintln(os.Stderr, strings.Join(cmd.Args, " "))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(out, &m); err != nil {
		return m, err
	}
	if len(m.Runs) == 0 {
		return m, errors.New("no runs")
	}
	return m, nil
}

func (m *measurement) medians() {
	var wall, cpu []float64
	for _, r := range m.Runs {
		wall, cpu = append(wall, r.Seconds), append(cpu, r.CPUSeconds)
	}
	m.Wall, m.CPU = median(wall), median(cpu)
}

func median(v []float64) float64 {
	slices.Sort(v)
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}

// peer is a runner that is installed.
type peer struct {
	name string
	argv []string
}

func (p *peer) command(cfg *config, mode, answer string) *exec.Cmd {
	cmd := exec.Command(p.argv[0], append(p.argv[1:], "averages", mode, cfg.parquet(), answer, fmt.Sprint(cfg.threads), fmt.Sprint(cfg.repeat))...)
	cmd.Env = append(os.Environ(), "POLARS_MAX_THREADS="+fmt.Sprint(cfg.threads), "PEER_MODULES="+cfg.modules)
	return cmd
}

// peers finds the runners that are installed: DuckDB's is a program that was built, the others need node and their package.
func peers(cfg *config) []peer {
	var out []peer
	if duck := filepath.Join(cfg.peers, "duckdb", "duckdb"); isFile(duck) {
		out = append(out, peer{"duckdb", []string{duck}})
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return out
	}
	for name, module := range map[string]string{"chdb": "chdb", "polars": "nodejs-polars"} {
		modules := cfg.modules
		if modules == "" {
			modules = filepath.Join(cfg.peers, name)
		}
		if isFile(filepath.Join(modules, "node_modules", module, "package.json")) {
			out = append(out, peer{name, []string{node, filepath.Join(cfg.peers, name, "averages.cjs")}})
		}
	}
	slices.SortFunc(out, func(a, b peer) int { return strings.Compare(a.name, b.name) * -1 })
	slices.Reverse(out)
	return out
}

func isFile(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.Mode().IsRegular()
}
