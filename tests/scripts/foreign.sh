#!/usr/bin/env bash
# foreign.sh [FILE…]: client libraries and servers of others against the demo: openid-client and oauth4webapi
# of npm, Authlib of PyPI, and Debian's Apache with mod_auth_openidc. On the debug binary.
. "$(dirname "$0")/common.sh"
. tests/scripts/node.sh

skipped() {
  say "SKIPPED: $1"
  count 0 0 1
}

if ! have node || ! have npm; then
  skipped "client libraries and servers of others, as node or npm is missing"
  exit 0
fi

# A virtual environment with exactly the packages of the lock, made anew when the lock changes.
install_python_packages() {
  local environment=$PWD/target/authlib lock=tests/browser/foreign/requirements.txt attempt
  cmp -s "$lock" "$environment/installed" && return
  for attempt in 1 2 3; do
    rm -rf "$environment"
    /usr/bin/python3 -m venv "$environment" \
      && "$environment/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --requirement "$lock" \
      && cp "$lock" "$environment/installed" && return
    say "pip install failed; trying again"
    sleep $((attempt * 5))
  done
  say "pip install failed three times"
  count 0 1 0
  return 1
}

[ -n "${CARDEA_BIN:-}" ] || cargo build --locked
install_node_packages
if /usr/bin/python3 -c 'import ensurepip' 2>/dev/null; then install_python_packages; else skipped "Authlib, as python3-venv is missing"; fi
have apache2 && [ -e "$MOD_AUTH_OPENIDC" ] || skipped "Apache, as apache2-bin or libapache2-mod-auth-openidc is missing"
[ $# -gt 0 ] || set -- $(cd tests/browser && ls foreign/*.test.mjs)
# At once, since each waits for its signing keys most of the time.
run_node_tests 4 "$@"
