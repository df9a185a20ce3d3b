#!/usr/bin/env bash
# The measurement of benches/service on the program that `make run` builds; arguments are the measurement's own
# (--help lists them). The figures also go into target/bench.json.
. "$(dirname "$0")/common.sh"
tests/scripts/install.sh run

cargo build --locked --release
exec cargo bench --locked --bench service -- "$@"
