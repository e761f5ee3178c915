package main

import (
	"bytes"
	stdcontext "context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// peer is another solver as a command, and how its output is read.
type peer struct {
	name    string
	command []string
	read    func(output string) (status string, objective float64)
	report  string // file that holds more output, if any
}

// wallPerCPU is how many seconds on the clock a peer has for each second of processor time it is allowed: the machine may
// be shared, and the processor time is the measure.
const wallPerCPU = 8

func context() stdcontext.Context { return stdcontext.Background() }

// installed lists the peers that are on this machine, ready to solve the program at path.
func installed(path, dir string, limit int) []peer {
	var found []peer
	script := filepath.Join("bench", "peers", "lp", "highs.py")
	for _, python := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(python, "-c", "import scipy").Run() != nil {
			continue
		}
		for _, method := range []string{"highs-ds", "highs-ipm"} {
			found = append(found, peer{"scipy " + method, []string{python, script, path, method, strconv.Itoa(wallPerCPU * limit)}, readJSON, ""})
		}
		break
	}
	if _, err := exec.LookPath("glpsol"); err == nil {
		for _, method := range []string{"--simplex", "--interior"} {
			report := filepath.Join(dir, "glpk"+method+".txt")
			found = append(found, peer{"GLPK " + method[2:], []string{"glpsol", "--freemps", path, method, "-o", report}, readGLPK, report})
		}
	}
	if _, err := exec.LookPath("clp"); err == nil {
		found = append(found, peer{"Clp dual simplex", []string{"clp", path, "-dualsimplex"}, readClp, ""},
			peer{"Clp barrier", []string{"clp", path, "-barrier"}, readClp, ""})
	}
	return found
}

// solve runs a peer until it ends or has used its processor time; the clock ends it at a multiple of that.
func (p peer) solve(limit int) answer {
	os.Remove(p.report)
	ctx, cancel := stdcontext.WithTimeout(context(), wallPerCPU*time.Duration(limit)*time.Second)
	defer cancel()
	line := fmt.Sprintf("ulimit -t %d; exec \"$@\"", limit)
	cmd := exec.CommandContext(ctx, "bash", append([]string{"-c", line, "bash"}, p.command...)...)
	cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1")
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &text
	begun := time.Now()
	err := cmd.Run()
	a := answer{Solver: p.name, Status: "limit reached", Seconds: time.Since(begun).Seconds()}
	if cmd.ProcessState != nil {
		a.CPUSeconds = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	}
	if err != nil {
		return a
	}
	output := text.String()
	if p.report != "" {
		more, _ := os.ReadFile(p.report)
		output += string(more)
	}
	a.Status, a.Objective = p.read(output)
	return a
}

func readJSON(output string) (string, float64) {
	var s struct {
		Status    string   `json:"status"`
		Objective *float64 `json:"objective"`
	}
	if err := json.Unmarshal([]byte(output), &s); err != nil {
		return "unreadable: " + strings.TrimSpace(output), 0
	}
	if s.Objective == nil {
		return s.Status, 0
	}
	return s.Status, *s.Objective
}

var (
	glpkObjective = regexp.MustCompile(`(?m)^Objective:.*= *(\S+)`)
	clpObjective  = regexp.MustCompile(`(?m)Optimal objective (\S+)`)
)

func readGLPK(output string) (string, float64) {
	m := glpkObjective.FindStringSubmatch(output)
	if m == nil || !strings.Contains(output, "OPTIMAL") {
		return "not solved", 0
	}
	v, _ := strconv.ParseFloat(m[1], 64)
	return "optimal", v
}

func readClp(output string) (string, float64) {
	m := clpObjective.FindStringSubmatch(output)
	if m == nil {
		return "not solved", 0
	}
	v, _ := strconv.ParseFloat(m[1], 64)
	return "optimal", v
}

// processorTime is what this process has used so far, in seconds.
func processorTime() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}
