#!/usr/bin/env bash
# browser.sh [FILE…]: the browser tests, on the debug binary.
. "$(dirname "$0")/common.sh"
. tests/scripts/node.sh

if ! have node || ! have npm || ! [ -x "${CHROMIUM_BIN:=/usr/bin/chromium}" ]; then
  say "SKIPPED: browser tests, as node, npm or $CHROMIUM_BIN is missing"
  count 0 0 1
  exit 0
fi
export CHROMIUM_BIN

[ -n "${CARDEA_BIN:-}" ] || cargo build --locked
install_node_packages
[ $# -gt 0 ] || set -- $(cd tests/browser && ls ./*.test.mjs)
run_node_tests 1 "$@"
