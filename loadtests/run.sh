#!/usr/bin/env bash
# Runs the load lab against the published binary: loadtests/run.sh [--quick] [--only TEXT]
# EDGEGW_BINARY and NGINX name other programs than artifacts/publish/edgegw and the nginx on the path.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

binary=${EDGEGW_BINARY:-artifacts/publish/edgegw}
if [ ! -x "$binary" ]; then
  ./publish.sh
elif [ -z "${EDGEGW_BINARY:-}" ] && [ -n "$(find src -name '*.cs' -newer "$binary" -print -quit)" ]; then
  echo "run.sh: sources are newer than $binary; publish.sh makes it anew" >&2
fi

# Debian puts it where the path of an ordinary user does not lead.
nginx=${NGINX:-$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v nginx || true)}
[ -n "$nginx" ] || echo "run.sh: no nginx found; running without that baseline (Debian: apt-get install nginx-light)" >&2

source=$(git describe --always --dirty 2>/dev/null || echo unknown)
dotnet build loadtests/EdgeGw.LoadTests -c Release --nologo -v quiet >&2
exec dotnet artifacts/bin/EdgeGw.LoadTests/release/EdgeGw.LoadTests.dll run \
  --binary "$binary" --nginx "$nginx" --out artifacts/loadtests --source "$source" "$@"
