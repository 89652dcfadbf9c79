#!/usr/bin/env bash
# Publishes the single native binary: artifacts/publish/edgegw (debug symbols beside it in edgegw.dbg).
set -euo pipefail
cd "$(dirname "$0")"

rid=${EDGEGW_RID:-$(dotnet --info | sed -n 's/^ *RID: *//p' | head -n 1)}
case "$rid" in
  linux-* | osx-* | win-*) ;;
  *) echo "publish.sh: no runtime identifier found (got '$rid'); set EDGEGW_RID, such as linux-x64" >&2; exit 1 ;;
esac

# A tree of its own: a restore for one framework and one platform would invalidate the developer's restore for all of them.
work=$PWD/artifacts/aot
log=$PWD/artifacts/publish.log
mkdir -p "$work" artifacts/publish
common=(-r "$rid" -p:PublishAot=true -p:ArtifactsPath="$work")

# The newest framework whose native compiler packs can be had from the configured package source.
framework=
for candidate in ${EDGEGW_FRAMEWORK:-net10.0 net9.0}; do
  if dotnet restore src/EdgeGw "${common[@]}" -p:Frameworks="$candidate" >"$log" 2>&1; then
    framework=$candidate
    break
  fi
  echo "publish.sh: the packs for native $candidate cannot be restored ($(grep -oE 'N(U|ETSDK)[0-9]+' "$log" | sort -u | head -n 1))"
done
if [ -z "$framework" ]; then
  cat "$log" >&2
  exit 1
fi
echo "publish.sh: native $framework for $rid"

# Warnings are counted below instead of failing inside, because three of them are known and cannot be had without.
if ! dotnet publish src/EdgeGw -c Release -f "$framework" "${common[@]}" -p:Frameworks="$framework" \
    -p:TreatWarningsAsErrors=false -p:ILLinkTreatWarningsAsErrors=false -p:IlcTreatWarningsAsErrors=false \
    -o artifacts/publish >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi

# FASTER.core and the framework's data contract serializer, which it names, are not annotated for trimming. The paths of them that we use
# were run under native AOT (tests/EdgeGw.FunctionalTests does so again); any other warning is a fault of ours.
known="IL(2104|3053): Assembly '(FASTER\.core|System\.Private\.DataContractSerialization)'"
if grep -E '(^|[: ])warning ' "$log" | grep -vE "$known" | sort -u | grep .; then
  echo "publish.sh: the warnings above are not on the list of known ones" >&2
  exit 1
fi
rm -f artifacts/publish/*.pdb artifacts/publish/*.xml
ls -l artifacts/publish/edgegw | awk '{ printf "publish.sh: artifacts/publish/edgegw, %.1f MB\n", $5 / 1e6 }'
