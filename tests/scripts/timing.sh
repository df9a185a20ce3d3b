#!/usr/bin/env bash
# The statistical proofs that answers about known and unknown people take the same time. They are ordinary
# tests that are ignored otherwise, in modules named `timing`.
. "$(dirname "$0")/common.sh"
tests/scripts/install.sh run

if ! cargo test --locked --release --test house timing:: -- --ignored --list 2>/dev/null | grep -q ': test$'; then
  say "there is no timing proof in this tree, or it does not build"
  exit 1
fi
exec cargo test --locked --release --test house timing:: -- --ignored --nocapture --test-threads=1
