#!/usr/bin/env bash
# Runs the load lab against the published binary: loadtests/run.sh [--ci | --quick | --all] [--only TEXT] [--soak MINUTES] [--write-docs]
# What it is compared with is installed when it can be (as root, Debian; npm into artifacts/), and left out with a word when it cannot.
# EDGEGW_BINARY, NGINX, HAPROXY name other programs than artifacts/publish/edgegw and those on the path. LAB_INSTALL=no installs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Debian puts servers where the path of an ordinary user does not lead.
PATH=$PATH:/usr/sbin:/usr/local/sbin

arguments=() ci=
while [ $# -gt 0 ]; do
  case $1 in
    --ci) ci=yes; arguments+=("$1") ;;
    --quick | --all) arguments+=("$1") ;;
    --only | --soak) [ $# -ge 2 ] || { echo "run.sh: $1 needs a value" >&2; exit 2; }; arguments+=("$1" "$2"); shift ;;
    --write-docs) arguments+=(--page docs/performance.md) ;;
    *) sed -n '2,4s/^# //p' "$0" >&2; exit 2 ;;
  esac
  shift
done

may_install() { [ "${LAB_INSTALL:-yes}" = yes ] && [ -z "$ci" ]; }

# RUNLEVEL=1: the package's own service must not be started.
program() {
  local name=$1 package=$2
  if ! command -v "$name" >/dev/null && may_install && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "run.sh: installing $package" >&2
    { apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package"; } >/dev/null 2>&1 || true
  fi
  command -v "$name" || echo "run.sh: no $name here; running without it (Debian: apt-get install $package)" >&2
}

# These versions of its server library, or its streams fail.
portkey=artifacts/tools/portkey/node_modules/@portkey-ai/gateway/build/start-server.js
install_portkey() {
  mkdir -p artifacts/tools/portkey
  cat >artifacts/tools/portkey/package.json <<'JSON'
{ "private": true, "dependencies": { "@portkey-ai/gateway": "1.15.2" }, "overrides": { "hono": "4.9.7", "@hono/node-server": "1.13.5" } }
JSON
  echo "run.sh: installing @portkey-ai/gateway" >&2
  (cd artifacts/tools/portkey && npm install --no-audit --no-fund --omit=dev --ignore-scripts >/dev/null 2>&1) || true
}

nginx=${NGINX:-$(program nginx nginx-light)}
haproxy=
if [ -n "$ci" ]; then
  portkey=
  [ -n "$nginx" ] || { echo "run.sh: no figures beside nginx in this run: it is not installed"; exit 0; }
else
  haproxy=${HAPROXY:-$(program haproxy haproxy)}
  node=$(program node nodejs)
  if [ ! -f "$portkey" ] && [ -n "$node" ] && may_install && [ -n "$(program npm npm)" ]; then
    install_portkey
  fi
  if [ -z "$node" ] || [ ! -f "$portkey" ]; then
    echo "run.sh: no @portkey-ai/gateway here; running without it" >&2
    portkey=
  fi
fi

binary=${EDGEGW_BINARY:-artifacts/publish/edgegw}
if [ ! -x "$binary" ]; then
  ./publish.sh
elif [ -z "${EDGEGW_BINARY:-}" ] && [ -n "$(find src -name '*.cs' -newer "$binary" -print -quit)" ]; then
  echo "run.sh: sources are newer than $binary; publish.sh makes it anew" >&2
fi

# Thousands of streams: two descriptors each in a proxy.
ulimit -n "$(ulimit -Hn)"
source=$(git describe --always --dirty 2>/dev/null || echo unknown)
dotnet build loadtests/EdgeGw.LoadTests -c Release --nologo -v quiet >&2
exec dotnet artifacts/bin/EdgeGw.LoadTests/release/EdgeGw.LoadTests.dll run \
  --binary "$binary" --nginx "$nginx" --haproxy "$haproxy" --portkey "$portkey" \
  --out artifacts/loadtests --source "$source" "${arguments[@]}"
