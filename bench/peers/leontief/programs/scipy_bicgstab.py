"""scipy's BiCGSTAB on the same files as the other peers."""
import json
import sys
import time

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as la


def main(triplets, vectors, answer=None):
    table = np.loadtxt(triplets, delimiter=",", skiprows=1)
    with open(vectors) as f:
        column = f.readline().strip().split(",").index("demand")
    y = np.loadtxt(vectors, delimiter=",", skiprows=1, usecols=column)
    n = len(y)
    a = sp.coo_matrix((table[:, 2], (table[:, 0].astype(np.int32), table[:, 1].astype(np.int32))), shape=(n, n))
    m = (sp.identity(n, format="csr") - a.tocsr()).tocsr()
    diagonal = sp.diags(1 / m.diagonal())
    wall, cpu, steps = [], [], 0
    for _ in range(5):
        count = []
        w, c = time.perf_counter(), time.process_time()
        try:
            x, _ = la.bicgstab(m, y, rtol=1e-12, atol=0, M=diagonal, callback=lambda _: count.append(1))
        except TypeError:  # before scipy 1.12
            x, _ = la.bicgstab(m, y, tol=1e-12, atol=0, M=diagonal, callback=lambda _: count.append(1))
        wall.append(time.perf_counter() - w)
        cpu.append(time.process_time() - c)
        steps = len(count)
    if answer:
        np.asarray(x, dtype="<f8").tofile(answer)
    print(json.dumps({"peer": "scipy-bicgstab", "n": n, "nonzeros": int(a.nnz), "seconds": float(np.median(wall)), "cpu_seconds": float(np.median(cpu)),
                      "iterations": steps, "relative_residual": float(np.linalg.norm(y - m @ x) / np.linalg.norm(y))}))


if __name__ == "__main__":
    main(*sys.argv[1:])
