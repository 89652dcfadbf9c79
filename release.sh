#!/usr/bin/env bash
# What a release must pass beyond CI: all tests with faults at release scale (docs/reliability.md), ten minutes of fuzzing (five for each of the two fuzzers), the native micro-benchmarks, the load lab. An hour or more.
set -euo pipefail
cd "$(dirname "$0")"

EDGEGW_FAULT_SCALE=release EDGEGW_HANG_TIMEOUT=60m ./test.sh
EDGEGW_FUZZ_MINUTES=${EDGEGW_FUZZ_MINUTES:-5} dotnet test tests/EdgeGw.Tests --no-build -f net10.0 --nologo --filter FullyQualifiedName~MeterFuzzTests
bench/native.sh
loadtests/run.sh
