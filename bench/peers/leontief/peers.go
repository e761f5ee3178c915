package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"planwerk/engine/sparse"
)

// peer is what another program measured of itself, and the residual of its answer as computed here.
type peer struct {
	Peer    string  `json:"peer"`
	Wall    float64 `json:"seconds"`
	CPU     float64 `json:"cpu_seconds"`
	Steps   int     `json:"iterations"`
	Own     float64 `json:"relative_residual"`
	Checked float64 `json:"checked_residual"`
}

// measurePeers runs those that are there. Each reads the same files, solves five times and writes its answer down.
func (cfg *config) measurePeers(dir string, a *sparse.CSR, y []float64) (list []peer, err error) {
	scratch, err := os.MkdirTemp("", "planwerk-peers-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	for _, command := range [][]string{
		{"OMP_NUM_THREADS=1", filepath.Join(cfg.peers, "eigen")}, {"OMP_NUM_THREADS=2", filepath.Join(cfg.peers, "eigen")},
		{"OPENBLAS_NUM_THREADS=1", filepath.Join(cfg.peers, "petsc")}, {"OPENBLAS_NUM_THREADS=2", filepath.Join(cfg.peers, "petsc")},
		{"OPENBLAS_NUM_THREADS=2", "/usr/bin/python3", filepath.Join(cfg.peers, "scipy_bicgstab.py")},
	} {
		program := command[1:]
		if _, err := os.Stat(program[len(program)-1]); err != nil {
			log.Printf("%s is not there, and not measured", program[len(program)-1])
			continue
		}
		answer := filepath.Join(scratch, "x")
		c := exec.Command(program[0], append(program[1:], filepath.Join(dir, "io", "coefficients.csv"), filepath.Join(dir, "io", "vectors.csv"), answer)...)
		c.Env, c.Stderr = append(os.Environ(), command[0]), os.Stderr
		out, err := c.Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", strings.Join(command, " "), err)
		}
		var p peer
		if err := json.Unmarshal(out, &p); err != nil {
			return nil, fmt.Errorf("%s: %q: %w", strings.Join(command, " "), out, err)
		}
		p.Peer += " " + command[0]
		if p.Checked, err = checked(answer, a, y); err != nil {
			return nil, err
		}
		if p.Checked > 1e3*cfg.tolerance {
			return nil, fmt.Errorf("%s: its answer leaves a residual of %.1e, %.1e by its own account", p.Peer, p.Checked, p.Own)
		}
		list = append(list, p)
	}
	return list, nil
}

// checked reads an answer, float64 in the machine's order, and computes its relative residual.
func checked(path string, a *sparse.CSR, y []float64) (float64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	x := make([]float64, len(y))
	if err := binary.Read(f, binary.LittleEndian, x); err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	return relative(a, x, y), nil
}

// relative is ‖y − x + Ax‖₂/‖y‖₂.
func relative(a *sparse.CSR, x, y []float64) float64 {
	ax := make([]float64, len(x))
	a.Mul(ax, x, 0)
	r, b := 0.0, 0.0
	for i := range x {
		d := y[i] - x[i] + ax[i]
		r, b = r+d*d, b+y[i]*y[i]
	}
	return math.Sqrt(r / b)
}
