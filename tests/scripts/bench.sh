#!/usr/bin/env bash
# The measurement of benches/service on the program as it is packaged, and on bare servers built alike; arguments are
# the measurement's own (--help lists them). The figures also go into target/bench.json.
. "$(dirname "$0")/common.sh"
tests/scripts/install.sh run

exec cargo bench --locked --profile dist --bench service -- "$@"
