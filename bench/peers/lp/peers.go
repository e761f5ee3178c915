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
	"slices"
	"strconv"
	"strings"
	"time"
)

// peer is another solver as a command, and how its output is read.
type peer struct {
	name    string
	command []string
	read    func(output string) answer
	report  string // file that holds more output, if any
}

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
			found = append(found, peer{"scipy " + method, []string{python, script, path, method, strconv.Itoa(limit)}, readJSON, ""})
		}
		break
	}
	if _, err := exec.LookPath("glpsol"); err == nil {
		for _, method := range []string{"--simplex", "--interior"} {
			report := filepath.Join(dir, "glpk"+method+".txt")
			found = append(found, peer{"GLPK " + method[2:], []string{"glpsol", "--freemps", path, method, "-o", report}, readGLPK, report})
		}
	}
	if exec.Command("node", "-e", `require("highs")`).Run() == nil {
		script := filepath.Join("bench", "peers", "lp", "highs.cjs")
		for _, method := range []string{"simplex", "ipm", "pdlp", "hipdlp"} {
			found = append(found, peer{"npm highs " + method, []string{"node", script, path, method, strconv.Itoa(limit)}, readJSON, ""})
		}
	}
	if _, err := exec.LookPath("clp"); err == nil {
		found = append(found, peer{"Clp dual simplex", []string{"clp", path, "-dualsimplex"}, readClp, ""},
			peer{"Clp barrier", []string{"clp", path, "-barrier"}, readClp, ""})
	}
	return found
}

// choice says which of the installed peers are run, and how.
type choice struct {
	words  []string // in the name; one empty word: all
	before []string // of every command
}

func (c choice) of(found []peer) (chosen []peer) {
	for _, p := range found {
		if slices.ContainsFunc(c.words, func(w string) bool { return strings.Contains(p.name, w) }) {
			p.command = append(slices.Clone(c.before), p.command...)
			chosen = append(chosen, p)
		}
	}
	return chosen
}

// solve runs a peer until it ends or the limit on the clock is reached.
func (p peer) solve(limit int) answer {
	os.Remove(p.report)
	ctx, cancel := stdcontext.WithTimeout(context(), time.Duration(limit)*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.command[0], p.command[1:]...)
	cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1")
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &text
	begun := time.Now()
	err := cmd.Run()
	a := answer{Status: fmt.Sprintf("> %d s", limit)}
	if err == nil {
		output := text.String()
		if p.report != "" {
			more, _ := os.ReadFile(p.report)
			output += string(more)
		}
		a = p.read(output)
	} else if ctx.Err() == nil {
		a.Status = "failed: " + err.Error()
	}
	a.Solver, a.Seconds = p.name, time.Since(begun).Seconds()
	if cmd.ProcessState != nil {
		a.CPUSeconds = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	}
	if a.Solving == 0 {
		a.Solving = a.Seconds
	}
	return a
}

func readJSON(output string) answer {
	var s struct {
		Status    string   `json:"status"`
		Objective *float64 `json:"objective"`
		Seconds   float64  `json:"seconds"`
	}
	if err := json.Unmarshal([]byte(output), &s); err != nil {
		return answer{Status: "unreadable: " + strings.TrimSpace(output)}
	}
	a := answer{Status: s.Status, Solving: s.Seconds}
	if s.Objective != nil {
		a.Objective = *s.Objective
	}
	return a
}

var (
	glpkObjective = regexp.MustCompile(`(?m)^Objective:.*= *(\S+)`)
	clpObjective  = regexp.MustCompile(`(?m)Optimal objective (\S+)`)
)

func readGLPK(output string) answer {
	if !strings.Contains(output, "OPTIMAL") {
		return answer{Status: "not solved"}
	}
	return optimum(glpkObjective.FindStringSubmatch(output))
}

func readClp(output string) answer { return optimum(clpObjective.FindStringSubmatch(output)) }

// optimum is the answer with the objective that a pattern found.
func optimum(match []string) answer {
	if match == nil {
		return answer{Status: "not solved"}
	}
	v, err := strconv.ParseFloat(match[1], 64)
	if err != nil {
		return answer{Status: "unreadable: " + match[1]}
	}
	return answer{Status: "optimal", Objective: v}
}
