// PETSc's BiCGSTAB with the Jacobi preconditioner, one process.
#include "read.hpp"
#include <petscksp.h>

int main(int argc, char **argv) {
    if (argc < 3) { std::fprintf(stderr, "usage: petsc TRIPLETS VECTORS [ANSWER]\n"); return 2; }
    Table t = readTable(argv[1], argv[2]);
    PetscCall(PetscInitializeNoArguments());
    PetscInt n = (PetscInt)t.demand.size();
    std::vector<PetscInt> count(n, 1);
    for (int i : t.row) count[i]++;
    Mat m;
    PetscCall(MatCreateSeqAIJ(PETSC_COMM_SELF, n, n, 0, count.data(), &m));
    PetscCall(MatSetOption(m, MAT_NEW_NONZERO_ALLOCATION_ERR, PETSC_FALSE));
    for (size_t k = 0; k < t.value.size(); k++) PetscCall(MatSetValue(m, t.row[k], t.col[k], -t.value[k], ADD_VALUES));
    for (PetscInt i = 0; i < n; i++) PetscCall(MatSetValue(m, i, i, 1.0, ADD_VALUES));
    PetscCall(MatAssemblyBegin(m, MAT_FINAL_ASSEMBLY));
    PetscCall(MatAssemblyEnd(m, MAT_FINAL_ASSEMBLY));
    Vec y, x, r;
    PetscCall(VecCreateSeqWithArray(PETSC_COMM_SELF, 1, n, t.demand.data(), &y));
    PetscCall(VecDuplicate(y, &x));
    PetscCall(VecDuplicate(y, &r));
    std::vector<double> wall, cpu;
    PetscInt iterations = 0;
    for (int run = 0; run < 5; run++) {
        double w = now(CLOCK_MONOTONIC), c = now(CLOCK_PROCESS_CPUTIME_ID);
        KSP ksp;
        PC pc;
        PetscCall(KSPCreate(PETSC_COMM_SELF, &ksp));
        PetscCall(KSPSetType(ksp, KSPBCGS));
        PetscCall(KSPGetPC(ksp, &pc));
        PetscCall(PCSetType(pc, PCJACOBI));
        PetscCall(KSPSetPCSide(ksp, PC_RIGHT));
        PetscCall(KSPSetTolerances(ksp, 1e-12, 1e-300, 1e10, 10000));
        PetscCall(KSPSetOperators(ksp, m, m));
        PetscCall(KSPSolve(ksp, y, x));
        PetscCall(KSPGetIterationNumber(ksp, &iterations));
        PetscCall(KSPDestroy(&ksp));
        wall.push_back(now(CLOCK_MONOTONIC) - w);
        cpu.push_back(now(CLOCK_PROCESS_CPUTIME_ID) - c);
    }
    const PetscScalar *answer;
    PetscCall(VecGetArrayRead(x, &answer));
    if (argc > 3) writeAnswer(argv[3], answer, n);
    PetscCall(VecRestoreArrayRead(x, &answer));
    PetscReal norm, whole;
    PetscCall(MatMult(m, x, r));
    PetscCall(VecAYPX(r, -1.0, y));
    PetscCall(VecNorm(r, NORM_2, &norm));
    PetscCall(VecNorm(y, NORM_2, &whole));
    report("petsc-bicgstab", t, wall, cpu, (long)iterations, norm / whole);
    PetscCall(PetscFinalize());
}
