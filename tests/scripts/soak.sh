#!/usr/bin/env bash
# Turns the signing keys of a real node under load, while applications verify every token. It is an ordinary
# test that is ignored otherwise; CARDEA_SOAK_MINUTES says for how long (10).
. "$(dirname "$0")/common.sh"
tests/scripts/install.sh run

exec cargo test --locked --release --test house signing_keys_turn_under_load -- --ignored --nocapture
