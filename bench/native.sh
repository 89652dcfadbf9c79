#!/usr/bin/env bash
# Publishes the native micro-benchmarks and runs them on one core. Fails when something allocates that must not.
# --call measures nothing but the memory of whole calls, --instructions [LEAST] counts their instructions (and prints the tree of calls with all that takes LEAST of them; Linux x64; on its own, not in the whole run: once it did not come to its end),
# --ledger leaves metering and them out; --callers 1000,1000000 says how many callers take turns. On all cores, and nothing else: --startup [FOLDER]
# measures the time from start to ready with a million slots (in FOLDER, filled at first use and kept), --slots the counter store with up to
# five million slots.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

rid=${EDGEGW_RID:-$(dotnet --info | sed -n 's/^ *RID: *//p' | head -n 1)}
log=$PWD/artifacts/bench-native.log
common=(-r "$rid" -p:PublishAot=true -p:ArtifactsPath="$PWD/artifacts/aot")
mkdir -p artifacts
for framework in ${EDGEGW_FRAMEWORK:-net10.0 net9.0}; do
  dotnet restore bench/EdgeGw.Bench.Native "${common[@]}" -p:Frameworks="$framework" >"$log" 2>&1 && break
done
if ! dotnet publish bench/EdgeGw.Bench.Native -c Release -f "$framework" "${common[@]}" -p:Frameworks="$framework" \
    -p:TreatWarningsAsErrors=false -p:ILLinkTreatWarningsAsErrors=false -p:IlcTreatWarningsAsErrors=false \
    -o artifacts/bench-native >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
echo "native $framework for $rid"
pin=()
[[ ${1-} != --startup && ${1-} != --slots ]] && command -v taskset >/dev/null && pin=(taskset -c 0)
exec "${pin[@]}" artifacts/bench-native/edgegw-bench "$@"
