# Sourced: starts one PostgreSQL and one Redis on free ports in a temporary folder for the time of the
# script, and exports CARDEA_TEST_POSTGRES and CARDEA_TEST_REDIS. What is not installed is not exported.
# Fast instead of durable: tests that kill a database start their own.
# shellcheck shell=bash

server_folder=
server_pids=()

stop_servers() {
  local pid
  for pid in "${server_pids[@]}"; do kill -INT "$pid" 2>/dev/null || true; done # PostgreSQL: at once, in order
  for pid in "${server_pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  [ -z "$server_folder" ] || rm -rf "$server_folder"
}

# Asks until the answer comes, at most 60 seconds: until_answers NAME PID COMMAND…
until_answers() {
  local name=$1 pid=$2 deadline=$((SECONDS + 60))
  shift 2
  until "$@" >/dev/null 2>&1; do
    kill -0 "$pid" 2>/dev/null || return 1
    [ "$SECONDS" -lt "$deadline" ] || { say "$name does not answer"; return 1; }
    sleep 0.05
  done
}

# A port that nobody uses at this moment.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

redis_answers() {
  local answer
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
  printf 'PING\r\n' >&3
  read -r -t 1 answer <&3
  exec 3>&-
  [[ $answer == +PONG* ]]
}

start_redis() {
  local port pid
  for _ in 1 2 3; do
    port=$(free_port)
    mkdir -p "$server_folder/redis"
    setpriv --pdeathsig KILL redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no \
      --dir "$server_folder/redis" >"$server_folder/redis.log" 2>&1 &
    pid=$!
    if until_answers Redis "$pid" redis_answers "$port"; then
      server_pids+=("$pid")
      export CARDEA_TEST_REDIS="redis://127.0.0.1:$port/"
      return
    fi
    kill -KILL "$pid" 2>/dev/null || true
  done
  say "Redis did not start:"; cat "$server_folder/redis.log" >&2; return 1
}

start_postgres() {
  local programs=$1 port pid as=()
  local data=$server_folder/postgres
  mkdir "$data"
  # PostgreSQL refuses to run as root; Debian's package made a user for it.
  if [ "$(id -u)" -eq 0 ]; then
    as=(setpriv --reuid postgres --regid postgres --init-groups)
    chmod 711 "$server_folder"
    chown postgres "$data"
  fi
  "${as[@]}" "$programs/initdb" -D "$data/db" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$server_folder/initdb.log" 2>&1 \
    || { say "initdb failed:"; cat "$server_folder/initdb.log" >&2; return 1; }
  for _ in 1 2 3; do
    port=$(free_port)
    # A second setpriv, as the change of user clears the signal. Both replace themselves: $! is PostgreSQL.
    "${as[@]}" setpriv --pdeathsig KILL "$programs/postgres" -D "$data/db" -p "$port" -k "$data" \
      -c listen_addresses=127.0.0.1 -c max_connections=400 -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
      >"$server_folder/postgres.log" 2>&1 &
    pid=$!
    if until_answers PostgreSQL "$pid" "$programs/pg_isready" -q -h 127.0.0.1 -p "$port"; then
      server_pids+=("$pid")
      export CARDEA_TEST_POSTGRES="postgres://postgres@127.0.0.1:$port/postgres"
      return
    fi
    kill -KILL "$pid" 2>/dev/null || true
  done
  say "PostgreSQL did not start:"; cat "$server_folder/postgres.log" >&2; return 1
}

start_servers() {
  local programs
  server_folder=$(mktemp -d "${TMPDIR:-/tmp}/cardea-servers-XXXXXX")
  trap stop_servers EXIT
  trap 'exit 130' INT TERM HUP
  if have redis-server; then start_redis; else say "SKIPPED: redis-server is not installed"; fi
  programs=$(postgres_programs)
  if [ -n "$programs" ]; then start_postgres "$programs"; else say "SKIPPED: PostgreSQL is not installed"; fi
}
