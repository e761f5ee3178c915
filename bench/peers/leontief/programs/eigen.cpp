// Eigen's BiCGSTAB with its diagonal preconditioner, rows stored, so that the product runs on OpenMP threads.
#include "read.hpp"
#include <Eigen/IterativeLinearSolvers>
#include <Eigen/Sparse>

int main(int argc, char **argv) {
    if (argc < 3) { std::fprintf(stderr, "usage: eigen TRIPLETS VECTORS [ANSWER]\n"); return 2; }
    Table t = readTable(argv[1], argv[2]);
    int n = (int)t.demand.size();
    using Matrix = Eigen::SparseMatrix<double, Eigen::RowMajor>;
    std::vector<Eigen::Triplet<double>> entries;
    entries.reserve(t.value.size() + n);
    for (size_t k = 0; k < t.value.size(); k++) entries.emplace_back(t.row[k], t.col[k], -t.value[k]);
    for (int i = 0; i < n; i++) entries.emplace_back(i, i, 1.0);
    Matrix m(n, n);
    m.setFromTriplets(entries.begin(), entries.end());
    entries = {};
    Eigen::VectorXd y = Eigen::Map<Eigen::VectorXd>(t.demand.data(), n), x;
    std::vector<double> wall, cpu;
    long iterations = 0;
    for (int run = 0; run < 5; run++) {
        double w = now(CLOCK_MONOTONIC), c = now(CLOCK_PROCESS_CPUTIME_ID);
        Eigen::BiCGSTAB<Matrix> solver;
        solver.setTolerance(1e-12);
        solver.compute(m);
        x = solver.solve(y);
        wall.push_back(now(CLOCK_MONOTONIC) - w);
        cpu.push_back(now(CLOCK_PROCESS_CPUTIME_ID) - c);
        iterations = solver.iterations();
    }
    if (argc > 3) writeAnswer(argv[3], x.data(), n);
    report("eigen-bicgstab", t, wall, cpu, iterations, (y - m * x).norm() / y.norm());
}
