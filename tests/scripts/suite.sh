#!/usr/bin/env bash
# suite.sh embedded|servers [arguments of the test runner]: the whole Rust suite once, either on SQLite and
# in-process state, or on PostgreSQL and Redis. Tests of a server by itself find both in either run.
. "$(dirname "$0")/common.sh"
. tests/scripts/servers.sh
. tests/scripts/node.sh

export CARDEA_TEST_BACKEND=${1:?embedded or servers}
shift
case $CARDEA_TEST_BACKEND in embedded | servers) ;; *) say "embedded or servers, not $CARDEA_TEST_BACKEND"; exit 2 ;; esac

# An upstream provider of another hand is among the servers that tests start.
if have node && have npm; then install_node_packages; fi
start_servers
if [ "$CARDEA_TEST_BACKEND" = servers ] && { [ -z "${CARDEA_TEST_POSTGRES:-}" ] || [ -z "${CARDEA_TEST_REDIS:-}" ]; }; then
  say "SKIPPED: the suite on PostgreSQL and Redis, as one of them is missing"
  count 0 0 1
  exit 0
fi

# A test that cannot run here says so in this file, one line each (tests/house/support/servers.rs).
export CARDEA_TEST_SKIPS=$server_folder/skips
: >"$CARDEA_TEST_SKIPS"
log=$server_folder/suite.log
outcome=0
if have cargo-nextest; then
  say "suite on $CARDEA_TEST_BACKEND, by nextest"
  cargo nextest run --locked --no-fail-fast --color never --no-tests=warn "$@" 2>&1 | tee "$log" || outcome=$?
  # "Summary [ 1.2s] 10 tests run: 8 passed (1 slow), 1 failed, 1 timed out, 2 skipped"
  summary=$(grep -E '^ *Summary \[' "$log" | tail -n 1) || true
  number() { local found; found=$(grep -oE "[0-9]+ $1" <<<"$summary" | head -n 1) || true; echo "${found%% *}"; }
  passed=$(number passed) failed=$(number failed) late=$(number 'timed out') broken=$(number 'exec failed') skipped=$(number skipped)
  failed=$((${failed:-0} + ${late:-0} + ${broken:-0}))
else
  say "suite on $CARDEA_TEST_BACKEND, by cargo test (cargo-nextest is not installed)"
  cargo test --locked --no-fail-fast --color never --lib --bins --tests "$@" 2>&1 | tee "$log" || outcome=$?
  # "test result: ok. 10 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out"
  read -r passed failed skipped < <(awk '/^test result:/ { p += $4; f += $6; s += $8 } END { print p+0, f+0, s+0 }' "$log")
fi
unable=$(sort -u "$CARDEA_TEST_SKIPS" | wc -l)
if [ "$unable" -gt 0 ]; then
  say "SKIPPED, and not counted as passed:"
  sort -u "$CARDEA_TEST_SKIPS" >&2
fi
passed=$((${passed:-0} - unable)) skipped=$((${skipped:-0} + unable))
# A suite that did not build, or broke down without naming a test, failed once.
[ "$outcome" -eq 0 ] || [ "${failed:-0}" -gt 0 ] || failed=1
count "$((passed < 0 ? 0 : passed))" "${failed:-0}" "$skipped"
exit "$outcome"
