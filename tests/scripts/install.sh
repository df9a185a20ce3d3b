#!/usr/bin/env bash
# install.sh run|test: installs Debian packages that are missing, and nothing that is there already.
# Whether something is there is asked by program and not by package: a newer Node.js from elsewhere
# brings its own npm, and Debian's npm would then conflict with it.
. "$(dirname "$0")/common.sh"

missing=()
need() { have "$1" || missing+=("${@:2}"); }

need gcc gcc
need make make
need pkg-config pkg-config
[ -e /usr/include/stdlib.h ] || missing+=(libc6-dev)
[ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=(ca-certificates)
if [ "${1:-run}" = test ]; then
  [ -n "$(postgres_programs)" ] || missing+=(postgresql)
  need redis-server redis-server
  need nginx nginx-light
  need chromium chromium
  need node nodejs
  need npm npm
  need strace strace
  need ps procps
  need setpriv util-linux
  need openssl openssl
  # The program and its module alone: the package apache2 would bring a service.
  need apache2 apache2-bin
  [ -e "$MOD_AUTH_OPENIDC" ] || missing+=(libapache2-mod-auth-openidc)
  # Directories: a domain controller and OpenLDAP, which the tests start by hand on addresses of their own.
  need samba samba
  need samba-tool samba-ad-dc samba-ad-provision samba-dsdb-modules
  [ -d /usr/share/samba/setup ] || missing+=(samba-ad-provision)
  [ -e /usr/lib/x86_64-linux-gnu/samba/ldb/samba_dsdb.so ] || [ -e /usr/lib/aarch64-linux-gnu/samba/ldb/samba_dsdb.so ] || missing+=(samba-dsdb-modules)
  [ -x /usr/sbin/slapd ] || missing+=(slapd)
  need ldapsearch ldap-utils
  need faketime faketime
  /usr/bin/python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
fi

if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    have sudo || { say "missing packages: ${missing[*]}; install them as root, or install sudo"; exit 1; }
    as_root=(sudo)
  fi
  say "installing ${missing[*]}"
  # The tests start their own servers: a package must not start another one as a service. If this
  # machine has no policy of its own, one that forbids it exists for the time of this call.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
    trap 'exit 130' INT TERM
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
  fi
  apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -qq)
  "${apt[@]}" update >&2
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >&2
fi

have cargo || { say "cargo is missing: install Rust with rustup, then try again"; exit 1; }
