# Shell functions that demo.sh and the launcher's tests share: free ports, and an nginx that needs no root.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
here_pipelines="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

port_is_free() {  # PORT
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Prints a loopback port that nothing listens on, outside the range that the kernel hands out to clients.
free_port() {
  local port
  for _ in $(seq 200); do
    port=$((10000 + (RANDOM * 32768 + RANDOM) % 22000))
    if port_is_free "$port"; then
      echo "$port"
      return 0
    fi
  done
  echo "no free port found" >&2
  return 1
}

# Waits until CONDITION (a command) holds: wait_for SECONDS COMMAND...
wait_for() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

# Starts nginx: start_nginx in|out FOLDER RTMP_PORT [HTTP_PORT]. Its process id is in FOLDER/run/nginx.pid, and in $! for wait.
start_nginx() {
  local kind=$1 folder=$2 rtmp_port=$3 http_port=${4:-8080}
  mkdir -p "$folder"/{run,logs,hls,temp}
  sed -e "s/127\.0\.0\.1:[12]935;/127.0.0.1:$rtmp_port;/" -e "s/127\.0\.0\.1:8080;/127.0.0.1:$http_port;/" \
    "$here_pipelines/nginx-$kind.conf" >"$folder/nginx.conf"
  run_nginx "$kind" "$folder" "$rtmp_port"
}

# Starts the edge of A/B segments: start_edge FOLDER HTTP_PORT CONTROL_PORT MEDIA. MEDIA is the folder with a and b.
start_edge() { start_segments edge "$@"; }

# The same of the origin for edges of a CDN.
start_origin() { start_segments origin "$@"; }

start_segments() {  # edge|origin FOLDER HTTP_PORT CONTROL_PORT MEDIA
  local kind=$1 folder=$2 http_port=$3 control_port=$4 media=$5
  mkdir -p "$folder"/{run,logs,temp}
  ln -sfn "$(cd "$media" && pwd)" "$folder/media"
  sed -e "s/127\.0\.0\.1:808[01];/127.0.0.1:$http_port;/" -e "s/127\.0\.0\.1:5000;/127.0.0.1:$control_port;/" \
    "$here_pipelines/nginx-$kind.conf" >"$folder/nginx.conf"
  rm -f "$folder/run/origin.sock"  # an nginx that was killed leaves it
  run_nginx "$kind" "$folder" "$http_port"
}

# run_nginx NAME FOLDER PORT: with FOLDER/nginx.conf, until it listens on PORT.
run_nginx() {
  local kind=$1 folder=$2 port=$3
  # Started by root, nginx would hand its workers to a user who may not be able to reach the folder.
  local globals=()
  [ "$(id -u)" -ne 0 ] || globals=(-g "user root;")
  (cd "$folder" && exec nginx -p "$PWD/" -c "$PWD/nginx.conf" -e logs/error.log "${globals[@]}") >"$folder/logs/console.log" 2>&1 &
  local pid=$!
  if ! wait_for 10 nginx_is_up "$pid" "$port"; then
    echo "nginx ($kind) does not start on port $port:" >&2
    cat "$folder/logs/console.log" "$folder/logs/error.log" >&2
    return 1
  fi
}

nginx_is_up() {  # PID PORT
  kill -0 "$1" 2>/dev/null && ! port_is_free "$2"
}

# Stops the nginx in FOLDER (the master first: it would start a new worker), and waits until it is gone.
# Workers that do not end in time are killed with their master: it would leave them behind.
stop_nginx() {  # FOLDER
  local pid children
  pid=$(cat "$1/run/nginx.pid" 2>/dev/null) || return 0
  kill -TERM "$pid" 2>/dev/null || return 0
  wait_for 5 process_is_gone "$pid" && return
  mapfile -t children < <(pgrep -P "$pid")
  kill -KILL "$pid" "${children[@]}" 2>/dev/null || true
}

process_is_gone() {  # PID
  ! kill -0 "$1" 2>/dev/null
}
