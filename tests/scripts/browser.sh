#!/usr/bin/env bash
# The browser tests, on the debug binary.
. "$(dirname "$0")/common.sh"

if ! have node || ! have npm || ! [ -x "${CHROMIUM_BIN:=/usr/bin/chromium}" ]; then
  say "SKIPPED: browser tests, as node, npm or $CHROMIUM_BIN is missing"
  count 0 0 1
  exit 0
fi
export CHROMIUM_BIN

cargo build --locked
for attempt in 1 2 3; do
  (cd tests/browser && npm ci --no-audit --no-fund --loglevel=error) && break
  [ "$attempt" -lt 3 ] || { say "npm ci failed three times"; count 0 1 0; exit 1; }
  say "npm ci failed; trying again"
  sleep $((attempt * 5))
done

report=$(mktemp)
trap 'rm -f "$report"' EXIT
outcome=0
export CARDEA_BIN=${CARDEA_BIN:-$PWD/target/debug/cardea}
(cd tests/browser && exec node --test --test-concurrency=1 \
  --test-reporter=spec --test-reporter-destination=stdout \
  --test-reporter=tap --test-reporter-destination="$report" "$@") || outcome=$?
of() { awk -v key="$1" '$1 == "#" && $2 == key { n = $3 } END { print n + 0 }' "$report"; }
failed=$(($(of fail) + $(of cancelled)))
[ "$outcome" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
count "$(of pass)" "$failed" "$(($(of skipped) + $(of todo)))"
exit "$outcome"
