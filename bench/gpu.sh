#!/bin/sh
# Everything that is to be shown on a machine with a GPU, in two calls:
#
#	sh bench/gpu.sh pack DIR    where there is Go: builds the binaries and the data into DIR (about 1 GiB; DIR can be copied)
#	sh DIR/gpu.sh run [OUT]     on the GPU's machine (linux/amd64): needs no Go, no network and no C compiler
#
# run writes OUT (default DIR/out), one file a step, and says at the end which steps failed. The parts:
#
#	suite     the tests of kernels/cuda with its benchmarks on the GPU, the suite of the kernels
#	digests   one batch, one Leontief system with multipliers and one plan at --level scalar and --level cuda: equal roots
#	bandwidth planwerk bench --level cuda: sparse products and PDHG iterations against the card's copy rate; v*, sums
#	programs  planning programs of 50 k and 1 M products on the GPU and on the processors
#	reach     v* of 1 M elements with about 16 k descendants, on the GPU and on the processors
#
# SMALL=1 packs sizes that a laptop finishes in minutes; FORCE=1 runs without a GPU too, to try the script.
set -u

pack() {
	out=$1
	cd "$(dirname "$0")/.." || exit 2
	mkdir -p "$out" || exit 2
	out=$(cd "$out" && pwd)
	go build -o "$out/planwerk" ./cmd/planwerk || exit 1
	go test -c -o "$out/cuda.test" ./kernels/cuda || exit 1
	go test -c -o "$out/kernels.test" ./kernels/kerneltest || exit 1
	git rev-parse HEAD >"$out/commit" 2>/dev/null
	cp bench/gpu.sh "$out/gpu.sh"
	if [ -n "${SMALL:-}" ]; then
		workloads=10k products=60 few=200 many=1000 elements=2000 descendants=200
	else
		workloads=1M products=2000 few=50k many=1M elements=1M descendants=16k
	fi
	"$out/planwerk" generate --out "$out/export" --workloads $workloads --seed 1 --force --quiet || exit 1
	"$out/planwerk" generate --out "$out/elements" --workloads 10k --elements $elements --descendants $descendants --seed 1 --force --quiet || exit 1
	"$out/planwerk" generate economy --out "$out/small" --products $products --force --quiet || exit 1
	"$out/planwerk" generate economy --out "$out/few" --products $few --mps "$out/few.mps.gz" --force --quiet || exit 1
	"$out/planwerk" generate economy --out "$out/many" --products $many --mps "$out/many.mps.gz" --force --quiet || exit 1
	rm -rf "$out/few" "$out/many"
	echo "packed: $out; copy it to the GPU's machine and run: sh gpu.sh run"
}

failed=
# step NAME COMMAND…: its output goes to NAME.txt, and how long it took
step() {
	step=$1
	shift
	begun=$(date +%s)
	"$@" >"$out/$step.txt" 2>&1
	case $? in
	0) verdict=ok ;;
	4) verdict="limit reached" ;; # of iterations, as asked for
	*) verdict=FAILED failed="$failed $step" ;;
	esac
	echo "$step: $verdict, $(($(date +%s) - begun)) s"
}

# same NAME COMMAND…: the command writes a result to --out, which it gets here, at both levels; the roots must be equal
same() {
	name=$1
	shift
	for level in scalar cuda; do
		"$@" --level $level --force --json --quiet --out "$out/result-$level" >"$out/$name-$level.json" || return 1
	done
	a=$(root "$out/$name-scalar.json") b=$(root "$out/$name-cuda.json")
	echo "$name: scalar $a"
	echo "$name: cuda   $b"
	rm -rf "$out/result-scalar" "$out/result-cuda"
	[ -n "$a" ] && [ "$a" = "$b" ]
}

root() { sed 's/.*"result_root":"\([0-9a-f]*\)".*/\1/' "$1"; }

run() {
	here=$(cd "$(dirname "$0")" && pwd)
	out=${1:-$here/out}
	mkdir -p "$out" || exit 2
	out=$(cd "$out" && pwd)
	cd "$here" || exit 2
	{ date -u; cat commit; uname -a; nvidia-smi; ./planwerk info; } >"$out/machine.txt" 2>&1
	if ! ./planwerk info --level cuda >/dev/null 2>"$out/no-gpu.txt" && [ -z "${FORCE:-}" ]; then
		cat "$out/no-gpu.txt"
		exit 1
	fi
	small= iterations=4000
	[ -z "${SMALL:-}" ] || small=--quick iterations=120
	best=$(./planwerk info --json | sed 's/.*"level":"\([a-z0-9]*\)".*/\1/')
	step suite-cuda ./cuda.test -test.v -test.skip 'TestPTXIsFresh|TestUnavailable|TestFailures|./shim' # those need the sources
	[ -n "$small" ] || step bandwidth-cuda ./cuda.test -test.run none -test.bench . -test.benchtime 3x
	step suite-kernels ./kernels.test -test.v
	step digest-batch same batch ./planwerk batch --ledger export --after 2026-03-01 --until 2026-04-01
	step digest-leontief same leontief ./planwerk leontief --dataset us2017 --multipliers
	step digest-plan same plan ./planwerk plan --problem small/plan --objective labour --method pdhg --tolerance 1e-4
	step bandwidth ./planwerk bench --level cuda $small --results "$out/hardware.json"
	for program in few many; do
		for level in cuda "$best"; do
			step "program-$program-$level" ./planwerk solve $program.mps.gz --level "$level"
			step "program-$program-pdhg-$level" ./planwerk solve $program.mps.gz --level "$level" --method pdhg --iterations $iterations
		done
	done
	for level in cuda "$best"; do
		step "reach-$level" ./planwerk values --ledger elements --after 2026-03-01 --until 2026-04-01 --level "$level" --json --force --out "$out/values"
		rm -rf "$out/values"
	done
	if [ -n "$failed" ]; then
		echo "FAILED:$failed"
		exit 1
	fi
	echo "all done: $out"
}

case ${1:-} in
pack) pack "${2:?a directory}" ;;
run) run "${2:-}" ;;
*) sed -n '2,18p' "$0" && exit 2 ;;
esac
