// All kernels, in one module.
#include "iterate.cu"
#include "measure.cu"
#include "block.cu"
#include "reach.cu"
#include "sums.cu"
