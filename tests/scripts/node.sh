# Sourced by the scripts whose tests are run by Node.js.
# shellcheck shell=bash

# The packages of tests/browser/package-lock.json, unless they are there already.
install_node_packages() {
  local attempt
  (
    cd tests/browser
    cmp -s package-lock.json node_modules/.installed && exit 0
    for attempt in 1 2 3; do
      npm ci --no-audit --no-fund --loglevel=error && cp package-lock.json node_modules/.installed && exit 0
      say "npm ci failed; trying again"
      sleep $((attempt * 5))
    done
    exit 1
  ) || { say "npm ci failed three times"; count 0 1 0; return 1; }
}

# Longest that one run may take: Node 18 waits for ever where a hook left something open.
RUN_SECONDS_MAX=900

# run_node_tests CONCURRENCY FILE…: as they are named in tests/browser, on CARDEA_BIN or the debug binary.
run_node_tests() {
  local report outcome=0 failed
  report=$(mktemp)
  export CARDEA_BIN=${CARDEA_BIN:-$PWD/target/debug/cardea}
  (cd tests/browser && exec timeout --foreground --kill-after=10 "$RUN_SECONDS_MAX" node --test --test-concurrency="$1" \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$report" "${@:2}") || outcome=$?
  of() { awk -v key="$1" '$1 == "#" && $2 == key { n = $3 } END { print n + 0 }' "$report"; }
  failed=$(($(of fail) + $(of cancelled)))
  [ "$outcome" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
  count "$(of pass)" "$failed" "$(($(of skipped) + $(of todo)))"
  rm -f "$report"
  return "$outcome"
}
