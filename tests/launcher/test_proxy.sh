#!/usr/bin/env bash
# pipelines/nginx-proxy.conf: a real nginx with TLS before a steg-launch with a token. Page, events, pictures by HTTP and WebSocket, uploads, and
# the client's own address in the audit log.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
openssl rand -hex 32 >token
openssl rand -hex 32 >steg.key
token=$(cat token)
cat >live.pipeline <<'END'
[pipeline]
description=videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=320,height=240,framerate=15/1 ! framediff ! \
  stegencode name=mark id=${id} key-file=steg.key ! auditlog name=audit database=sqlite:audit.db key-file=steg.key ! \
  x264enc name=enc tune=zerolatency speed-preset=ultrafast ! h264parse ! flvmux name=mux streamable=true ! fakesink sync=false
[variables]
id=FIRST
[control]
listen=127.0.0.1:0
id=mark.id
client-ip=audit.client-ip
proxies=127.0.0.1
token-file=token
[playback]
flv=mux
[rate]
encoder=enc
END
launch live.pipeline
launched_url
behind=${url#http://}

# In out/, which lib.sh stops whatever happens.
proxy_port=$(free_port)
mkdir -p out/{run,logs,temp}
openssl req -x509 -newkey rsa:2048 -nodes -keyout out/key.pem -out out/certificate.pem -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost 2>/dev/null
sed "s/listen 443 ssl;/listen 127.0.0.1:$proxy_port ssl;/; s/127\.0\.0\.1:5000/$behind/" "$top/pipelines/nginx-proxy.conf" >out/nginx.conf
globals=()
[ "$(id -u)" -ne 0 ] || globals=(-g "user root;")
(cd out && exec nginx -p "$PWD/" -c "$PWD/nginx.conf" -e logs/error.log "${globals[@]}") >nginx.log 2>&1 &
expect "nginx runs before it" wait_for 20 nginx_is_up $! "$proxy_port"

front="https://localhost:$proxy_port"
outside=(--cacert out/certificate.pem --interface 127.0.0.2)  # another client than nginx
bearer=(-H "Authorization: Bearer $token")
runs() { curl -sS "${outside[@]}" "${bearer[@]}" "$front/status" | jq -e '.state == "running"' >/dev/null; }
expect "the stream runs" wait_for 90 runs
answers 200 '.ok' "${outside[@]}" "$front/healthz"
answers 401 "$refused" "${outside[@]}" "$front/status"
answers 200 '.ok' "${outside[@]}" -c jar -d "{\"token\": \"$token\"}" "$front/session"
expect "the page's cookie goes by TLS only" awk '/steg-session/ { found = $4 == "TRUE" } END { exit !found }' jar
answers 200 '.state == "running"' "${outside[@]}" -b jar -H "Origin: $front" -H 'Sec-Fetch-Site: same-origin' "$front/status"
answers 403 "$refused" "${outside[@]}" -b jar -H 'Origin: https://evil.example' "$front/status"
if [ -n "$WITH_PAGE" ]; then
  curl -sS "${outside[@]}" "$front/" >page.html
  expect "the page comes" grep -q 'id="app"' page.html
fi

curl -sSN "${outside[@]}" -b jar --max-time 60 "$front/events" >events.txt &
listener=$!
expect "events come as they happen" wait_for 30 heard status '.state == "running"'
# A header that a client writes itself must not become its address.
answers 200 '.id == "SECOND"' "${outside[@]}" "${bearer[@]}" -H 'X-Forwarded-For: 192.0.2.66' -d '{"id": "SECOND"}' "$front/custom"
expect "so does the ID in the picture" wait_for 30 heard id-applied '.id == "SECOND"'
kill "$listener"

curl -sSN "${outside[@]}" -b jar --max-time 4 "$front/live.flv" >copy.flv 2>>curl.log || true
expect "the marked stream plays" plays copy.flv 15
curl -sSN "${outside[@]}" -b jar --http1.1 --max-time 4 -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' \
  -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' -D upgrade.txt "$front/live.flv" >frames.bin 2>>curl.log || true
expect "and over WebSocket" grep -q '^HTTP/1.1 101' upgrade.txt
expect "with its frames" test "$(wc -c <frames.bin)" -gt 5000
# More than nginx takes unless told so. It is no video, which steg-launch says, or on a busy machine that it could not find out in time.
head -c 3000000 /dev/zero >zeros.bin
code=$(curl -sS "${outside[@]}" "${bearer[@]}" --max-time 150 -o reply.json -w '%{http_code}' --data-binary @zeros.bin "$front/trace")
expect "an upload comes through: $code" grep -qE '^(422|504)$' <<<"$code"
expect "the answer is steg-launch's" jq -e "$refused" reply.json

expect "each proxied request is in its log" grep -q 'POST /custom' out/logs/access.log
stop_nginx out
stop_launcher TERM
expect "the audit log has the client's address" \
  test "$(sqlite3 audit.db "SELECT DISTINCT client_ip FROM steg_audit_record WHERE id = 'SECOND'")" = 127.0.0.2
