#!/bin/sh
# Makes the PTX of all kernels: build.sh OUTPUT. It takes clang 19 from PATH, or the one named by CLANG. PTX 7.0 for
# compute capability 8.0 runs on that and every later GPU; its driver translates it.
set -eu
cd "$(dirname "$0")"
"${CLANG:-clang-19}" -x cuda --cuda-device-only -nocudainc -nocudalib --cuda-path=/nonexistent --cuda-gpu-arch=sm_80 \
	-Xclang -target-feature -Xclang +ptx70 -O3 -ffp-contract=off -Wall -Werror -S planwerk.cu -o "$1"
