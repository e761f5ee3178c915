"""Solves a linear program in a fixed or free MPS file with the HiGHS that scipy carries.

Usage: highs.py FILE highs-ds|highs-ipm SECONDS. Prints one line of JSON: status, objective, seconds of solving.
"""

import json
import sys
import time

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack


def read_mps(path):
    """Gives costs, matrix, row bounds and column bounds. Names hold no spaces; nothing is integral."""
    kind, rows, cols = {}, {}, {}
    cost, entry, rhs, ranges, bounds = {}, [], {}, {}, {}
    objective, section = None, None
    with open(path) as f:
        for line in f:
            if not line.strip() or line[0] == "*":
                continue
            w = line.split()
            if line[0] != " ":
                section = w[0]
                continue
            if section == "ROWS":
                if w[0] == "N":
                    objective = objective or w[1]
                else:
                    kind[w[1]], rows[w[1]] = w[0], len(rows)
            elif section == "COLUMNS":
                j = cols.setdefault(w[0], len(cols))
                for name, v in zip(w[1::2], w[2::2]):
                    if name == objective:
                        cost[j] = float(v)
                    else:
                        entry.append((rows[name], j, float(v)))
            elif section in ("RHS", "RANGES"):
                pairs = w if len(w) % 2 == 0 else w[1:]
                for name, v in zip(pairs[0::2], pairs[1::2]):
                    (rhs if section == "RHS" else ranges)[name] = float(v)
            elif section == "BOUNDS":
                name = w[2] if len(w) >= 3 and w[2] in cols else w[1]
                lo, hi = bounds.get(name, (0.0, np.inf))
                v = float(w[-1]) if w[0] in ("UP", "LO", "FX") else 0.0
                bounds[name] = {"UP": (lo, v), "LO": (v, hi), "FX": (v, v), "FR": (-np.inf, np.inf),
                                "MI": (-np.inf, hi), "PL": (lo, np.inf)}[w[0]]
    n, m = len(cols), len(rows)
    c = np.zeros(n)
    for j, v in cost.items():
        c[j] = v
    r, k, v = zip(*entry)
    a = csr_matrix((v, (r, k)), shape=(m, n))
    lower, upper = np.full(m, -np.inf), np.full(m, np.inf)
    for name, i in rows.items():
        b = rhs.get(name, 0.0)
        if kind[name] in "GE":
            lower[i] = b
        if kind[name] in "LE":
            upper[i] = b
        if name in ranges:
            size = ranges[name]
            if kind[name] == "G" or (kind[name] == "E" and size > 0):
                upper[i] = b + abs(size)
            else:
                lower[i] = b - abs(size)
    return c, a, lower, upper, [bounds.get(name, (0.0, np.inf)) for name in cols]


def main():
    path, method, limit = sys.argv[1], sys.argv[2], float(sys.argv[3])
    c, a, lower, upper, bounds = read_mps(path)
    below, above = np.isfinite(upper), np.isfinite(lower)
    sides = np.concatenate([upper[below], -lower[above]])
    matrix = vstack([a[below], -a[above]], format="csr")
    begun, cpu = time.time(), time.process_time()
    s = linprog(c, A_ub=matrix, b_ub=sides, bounds=bounds, method=method, options={"time_limit": limit})
    print(json.dumps({"status": "optimal" if s.status == 0 else s.message, "objective": s.fun,
                      "seconds": time.time() - begun, "cpu_seconds": time.process_time() - cpu}))


main()
