#!/usr/bin/env bash
# Token, session cookie, TLS, and nginx-rtmp's call-backs: a real nginx starts and stops the stream and refuses unknown stream keys.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
openssl rand -hex 32 >token
token=$(cat token)
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 2 -subj /CN=127.0.0.1 \
  -addext subjectAltName=IP:127.0.0.1 2>/dev/null

start_servers
relay="$top/tests/launcher/relay.pipeline"
sed 's/^id=mux.metadatacreator/&\ntls-certificate=certificate.pem\ntls-key=key.pem\ntoken-file=token/' "$relay" >tls.pipeline
launch tls.pipeline --no-autostart --set "input=$input" --set "output=$output"
launched_url
expect "it speaks TLS" grep -q '^https://' <<<"$url"
tls=(--cacert certificate.pem)
answers 401 "$refused" "${tls[@]}" "$url/status"
answers 401 "$refused" "${tls[@]}" -H 'Authorization: Bearer wrong-wrong-wrong-wrong' "$url/status"
answers 401 "$refused" "${tls[@]}" -d '{"id": "BOB"}' "$url/custom?token=$token"
answers 200 '.ok' "${tls[@]}" -H "Authorization: Bearer $token" "$url/status"
answers 200 '.ok' "${tls[@]}" -u "viewer:$token" "$url/status"
answers 200 '.ok' "${tls[@]}" "$url/healthz"
answers 401 "$refused" "${tls[@]}" -d '{"token": "wrong-wrong-wrong-wrong"}' "$url/session"
answers 200 '.ok' "${tls[@]}" -c jar -d "{\"token\": \"$token\"}" "$url/session"
expect "the cookie is for this server's pages only" grep -q '^#HttpOnly_' jar
answers 200 '.ok' "${tls[@]}" -b jar "$url/status"
answers 403 "$refused" "${tls[@]}" -b jar -H 'Origin: https://evil.example' "$url/status"
answers 200 '.ok' "${tls[@]}" -b jar -X DELETE "$url/session"
answers 401 "$refused" "${tls[@]}" -b jar "$url/status"
stop_launcher TERM

# nginx-rtmp calls.
stop_nginx in
control_port=$(free_port)
sed "s/listen=.*/&\ntoken-file=token/" "$relay" >hooked.pipeline
launch hooked.pipeline --no-autostart --listen "127.0.0.1:$control_port" --set "input=$input" --set "output=$output"
launched_url
# with_hooks: the shipped configuration, with call-backs.
sed -i "s|live on;|&\n      on_publish $url/on_publish?token=$token;\n      on_publish_done $url/on_publish_done?token=$token;|" \
  in/nginx.conf
(cd in && exec nginx -p "$PWD/" -c "$PWD/nginx.conf" -e logs/error.log -g 'user root;') >>nginx.log 2>&1 &
expect "nginx runs with call-backs" wait_for 10 nginx_is_up $! "$in_port"
state() { curl -sS -H "Authorization: Bearer $token" "$url/status" | jq -r .state; }
is_in_state() { [ "$(state)" = "$1" ]; }
expect "nothing runs before somebody publishes" is_in_state stopped
publish -c copy
expect "the publisher starts the stream" wait_for 20 is_in_state running
expect "the output plays" record 2 out.mp4
unpublish
expect "and its end stops it" wait_for 20 is_in_state stopped
publish -c copy
expect "the next one starts it again" wait_for 20 is_in_state running
unpublish
expect "and stops it" wait_for 20 is_in_state stopped
input="rtmp://127.0.0.1:$in_port/live/other"
publish -c copy
refused_publisher() { process_is_gone "$publisher" && logged "refused a publisher of live/other from 127.0.0.1"; }
expect "an unknown stream key is refused" wait_for 20 refused_publisher
expect "nothing runs" is_in_state stopped
answers 401 "$refused" -d 'app=live&name=stream' "$url/on_publish"
answers 403 "$refused" -d 'app=live&name=stream2' "$url/on_publish?token=$token"
answers 400 "$refused" -d 'name=stream' "$url/on_publish?token=$token"
stop_launcher TERM
expect "it ends in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000
