#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A PostgreSQL server of its own for a test or a demonstration: on a free loopback port, in a folder that goes with it.
# Needs no root; as root it runs the server as the user postgres, because PostgreSQL refuses root.
#
#   postgres.sh create           makes a cluster (user app, no password, database postgres), prints its folder
#   postgres.sh start DIR [PID]  starts it, prints its URI; with PID, it ends and goes when that process has ended
#   postgres.sh stop DIR         stops it, cutting connections off
#   postgres.sh kill DIR         kill -9 of the server and all its processes
#   postgres.sh remove DIR       stops it and removes the folder
#   postgres.sh tls DIR CERT KEY lets it show that certificate to who asks for TLS, from now on
#   postgres.sh own DIR PATH     gives a folder to the server, for a tablespace
#   postgres.sh pool DIR         starts PgBouncer in front of it (transaction pooling, two servers), prints its port; it
#                                ends with the folder
#
# A user named guest needs a password (scram-sha-256), so that a wrong one can be tried.
set -euo pipefail

bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
[ -x "$bin/initdb" ] || { echo "PostgreSQL is not installed: apt-get install postgresql" >&2; exit 1; }

as_server() {
  if [ "$(id -u)" -eq 0 ]; then (cd "$dir" && runuser -u postgres -- "$@"); else "$@"; fi
}

create() {
  dir=$(mktemp -d "${TMPDIR:-/tmp}/steg-postgres-XXXXXX")
  if [ "$(id -u)" -eq 0 ]; then chown postgres: "$dir"; fi
  as_server "$bin/initdb" -D "$dir/data" -U app --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir.log" 2>&1 ||
    { cat "$dir.log" >&2; exit 1; }
  rm -f "$dir.log"
  # After a crash it syncs its files one by one otherwise, which takes many seconds on a busy disk.
  echo 'recovery_init_sync_method = syncfs' >>"$dir/data/postgresql.conf"
  sed -i '1i host all guest 127.0.0.1/32 scram-sha-256' "$dir/data/pg_hba.conf"
  echo "$dir"
}

start() {
  local watched=${1:-} port
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    port=$(cat "$dir/port" 2>/dev/null || echo $((20000 + RANDOM % 10000)))
    if as_server "$bin/pg_ctl" -D "$dir/data" -w -t 60 -l "$dir/data/log" \
      -o "-c listen_addresses=127.0.0.1 -p $port -c unix_socket_directories=" start >/dev/null 2>&1 </dev/null; then
      echo "$port" >"$dir/port"
      [ -z "$watched" ] || watch "$watched"
      echo "postgresql://app@127.0.0.1:$port/postgres"
      return
    fi
    [ ! -e "$dir/port" ] || sleep 0.5
  done
  tail -n 20 "$dir/data/log" >&2
  exit 1
}

watch() {
  setsid bash -c '
    while [ -d "$1" ]; do
      kill -0 "$2" 2>/dev/null || exec "$3" remove "$1"
      sleep 1
    done' watch "$dir" "$1" "$(realpath "${BASH_SOURCE[0]}")" >/dev/null 2>&1 </dev/null &
}

stop() {
  as_server "$bin/pg_ctl" -D "$dir/data" -w -m "${1:-fast}" stop >/dev/null 2>&1 || true
}

kill_all() {
  local main
  local -a children
  main=$(head -n 1 "$dir/data/postmaster.pid" 2>/dev/null || true)
  [ -n "$main" ] || return 0
  read -r -d '' -a children < <(ps -o pid= --ppid "$main") || true
  # The main process first: it would start the others again.
  kill -9 "$main" "${children[@]}" 2>/dev/null || true
  while kill -0 "$main" 2>/dev/null; do sleep 0.05; done
  # A new server would take another process that got the number for this one.
  rm -f "$dir/data/postmaster.pid"
}

tls() {
  cp "$1" "$dir/data/server.crt"
  cp "$2" "$dir/data/server.key"
  chmod 600 "$dir/data/server.key"
  own "$dir/data/server.crt"
  own "$dir/data/server.key"
  grep -q '^ssl = on' "$dir/data/postgresql.conf" || echo 'ssl = on' >>"$dir/data/postgresql.conf"
  as_server "$bin/pg_ctl" -D "$dir/data" reload >/dev/null
}

own() { if [ "$(id -u)" -eq 0 ]; then chown -R postgres: "$1"; fi; }

pool() {
  local port server
  server=$(cat "$dir/port")
  for _ in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 10000))
    cat >"$dir/pgbouncer.ini" <<INI
[databases]
* = host=127.0.0.1 port=$server
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
logfile = $dir/pgbouncer.log
pidfile = $dir/pgbouncer.pid
INI
    own "$dir/pgbouncer.ini"
    # A user "any" stands for all, so the database's own user must be named.
    sed -i 's/^\* = .*/& user=app/' "$dir/pgbouncer.ini"
    if as_server pgbouncer -q -d "$dir/pgbouncer.ini" >/dev/null 2>&1; then
      for _ in $(seq 100); do
        if [ -e "$dir/pgbouncer.pid" ] && (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
        sleep 0.1
      done
    fi
  done
  tail -n 20 "$dir/pgbouncer.log" >&2
  exit 1
}

stop_pool() {
  [ ! -e "$dir/pgbouncer.pid" ] || kill "$(cat "$dir/pgbouncer.pid")" 2>/dev/null || true
}

action=${1:-}
dir=${2:-}
case "$action" in
  create) create ;;
  start | stop | kill | remove | tls | own | pool)
    [ -d "$dir" ] || { echo "postgres.sh: no folder $dir" >&2; exit 1; }
    case "$action" in
      start) start "${3:-}" ;;
      stop) stop ;;
      kill) kill_all ;;
      remove) stop_pool; stop immediate; rm -rf "$dir" ;;
      tls) tls "$3" "$4" ;;
      own) own "$3" ;;
      pool) pool ;;
    esac
    ;;
  *) sed -n '3,18s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
