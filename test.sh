#!/usr/bin/env bash
# Builds everything, publishes the native binary and runs all tests: unit, storage, and functional against the published binary.
# The last line is the total over all test projects: N passed, N failed, N skipped.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

dotnet build EdgeGw.sln --nologo -v quiet
./publish.sh
export EDGEGW_BINARY=$PWD/artifacts/publish/edgegw

passed=0 failed=0 skipped=0
# Sums what follows a word on the summary lines; nothing there is a zero.
count() { sed -nE "s/.*$1: +([0-9]+).*/\\1/p" "$2" | awk '{ sum += $1 } END { print sum + 0 }'; }

mkdir -p artifacts/test-logs
for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  log=artifacts/test-logs/$name.log
  status=0
  # A hung test must end with its name, not with the patience of whoever waits for the run.
  dotnet test "$project" --no-build --nologo --blame-hang --blame-hang-timeout "${EDGEGW_HANG_TIMEOUT:-10m}" --blame-hang-dump-type none \
    --results-directory artifacts/test-logs --logger "console;verbosity=minimal" >"$log" 2>&1 || status=$?
  grep -vE '^(Test run for|A total of|VSTest version|$)' "$log" || true
  summary=artifacts/test-logs/$name.summary
  grep -E '(Passed|Failed|Skipped)! +- Failed:' "$log" >"$summary" || true
  passed=$((passed + $(count Passed "$summary")))
  skipped=$((skipped + $(count Skipped "$summary")))
  project_failed=$(count Failed "$summary")
  # A test host that died counts as a failure even when every test that it reported had passed.
  if [ "$status" -ne 0 ] && [ "$project_failed" -eq 0 ]; then
    echo "test.sh: $name ended with status $status" >&2
    project_failed=1
  fi
  failed=$((failed + project_failed))
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
