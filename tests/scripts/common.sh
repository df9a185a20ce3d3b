# Sourced by the scripts beside it.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PATH="$HOME/.cargo/bin:$PATH"

say() { printf '== %s\n' "$*" >&2; }

# A program may be off the PATH of an ordinary user, as chromium's and runuser's folders are.
have() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ]; }

MOD_AUTH_OPENIDC=/usr/lib/apache2/modules/mod_auth_openidc.so

# The folder of PostgreSQL's server programs, or nothing.
postgres_programs() {
  local initdb
  initdb=$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1) || true
  if [ -n "$initdb" ]; then dirname "$initdb"; elif have initdb; then dirname "$(command -v initdb)"; fi
}

# "passed failed skipped" of each run, one line each; test.sh adds them up.
count() {
  [ -z "${CARDEA_TEST_COUNTS:-}" ] || printf '%s %s %s\n' "$1" "$2" "$3" >>"$CARDEA_TEST_COUNTS"
}
