#!/usr/bin/env bash
# make test: everything, in the order of what is cheap to find out. The last line adds up all runs.
. "$(dirname "$0")/common.sh"

tests/scripts/install.sh test

CARDEA_TEST_COUNTS=$(mktemp)
export CARDEA_TEST_COUNTS
trap 'rm -f "$CARDEA_TEST_COUNTS"' EXIT
outcome=0
step() {
  say "$1"
  shift
  "$@" || { say "failed: $*"; outcome=1; }
}

# Lint is no test when it passes, but its failure must show in the sum.
lint() { tests/scripts/lint.sh || { count 0 1 0; return 1; }; }

step "lint" lint
step "the suite on SQLite and in-process state" tests/scripts/suite.sh embedded
step "the same suite on PostgreSQL and Redis" tests/scripts/suite.sh servers
step "browser tests" tests/scripts/browser.sh
step "client libraries and servers of others" tests/scripts/foreign.sh

awk '{ p += $1; f += $2; s += $3 } END { printf "%d passed, %d failed, %d skipped\n", p, f, s }' "$CARDEA_TEST_COUNTS"
exit "$outcome"
