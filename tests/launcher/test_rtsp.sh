#!/usr/bin/env bash
# RTSP and HTTP-FLV as a player has them (mpv): decoded pictures and sound. With a token and with TLS: who is let in, and that
# nothing goes out unencrypted.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
openssl rand -hex 32 >viewers.token
token=$(cat viewers.token)
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 2 -subj /CN=127.0.0.1 \
  -addext subjectAltName=IP:127.0.0.1 2>/dev/null

# start NAME CONTROL_LINES...: a stream that needs no server; $rtsp is its address.
start() {
  local name=$1
  shift
  cat >"$name.pipeline" <<'FILE'
[pipeline]
description=videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=25/1 ! \
  x264enc name=enc tune=zerolatency speed-preset=ultrafast ! h264parse ! mux. \
  audiotestsrc is-live=true ! avenc_aac ! aacparse ! mux. \
  flvmux name=mux streamable=true latency=100000000 ! fakesink sync=false
[playback]
flv=mux
[rate]
encoder=enc
[rtsp]
listen=127.0.0.1:0
[control]
listen=127.0.0.1:0
FILE
  printf '%s\n' "$@" >>"$name.pipeline"
  launch "$name.pipeline"
  launched_url
  expect "$name: it runs" wait_for 30 runs
  rtsp=$(curl -sS "${client[@]}" "$url/status" | jq -r .playback.rtsp)
}
client=(--cacert certificate.pem -H "Authorization: Bearer $token")
runs() { curl -sS "${client[@]}" "$url/status" | jq -e '.state == "running"' >/dev/null; }

# watched FOLDER ADDRESS MPV_OPTIONS...: mpv writes 20 decoded frames and the sound.
watched() {
  local folder=$1 address=$2
  shift 2
  timeout -k 2 60 mpv --no-config --msg-level=all=warn --vo=image --vo-image-outdir="$folder" --ao=pcm --ao-pcm-file="$folder.wav" \
    --frames=20 "$@" "$address" >>mpv.log 2>&1 </dev/null
  [ "$(find "$folder" -name '*.jpg' -size +1k | wc -l)" -eq 20 ] && [ "$(stat -c %s "$folder.wav")" -gt 20000 ]
}
# The ball moves: no frame is the one before.
moves() { [ "$(cd "$1" && md5sum ./*.jpg | cut -d' ' -f1 | uniq | wc -l)" -eq 20 ]; }
refuses() { ! timeout 30 ffprobe -v error "$@" >>refused.log 2>&1 </dev/null; }
with_password() { echo "${rtsp%%://*}://viewer:$1@${rtsp#*://}"; }

# requests REQUEST...: prints them, each when answer.txt has the answer to the one before.
requests() {
  local request number=0
  for request in "$@"; do
    number=$((number + 1))
    printf '%b\r\nCSeq: %d\r\n\r\n' "$request" "$number"
    wait_for 20 answered "$number"
  done
}
answered() { [ "$(grep -ac '^RTSP' answer.txt)" -ge "$1" ]; }

start open
expect "RTSP without TLS says so" test "${rtsp%%:*}" = rtsp
expect "mpv plays RTSP with picture and sound" watched rtsp "$rtsp"
expect "and the picture moves" moves rtsp
expect "mpv plays HTTP-FLV with picture and sound" watched flv "$url/live.flv"
expect "and the picture moves" moves flv
stop_launcher TERM

# The token is shown by digest only, so that it does not travel.
start token token-file=viewers.token
expect "mpv plays with the token" watched token "$(with_password "$token")"
expect "without it nobody does" refuses "$rtsp"
expect "nor with another" refuses "$(with_password wrong-wrong-wrong-wrong)"
place=${rtsp##*:}
exec 3<>"/dev/tcp/127.0.0.1/${place%%/*}"
printf 'DESCRIBE %s RTSP/1.0\r\nCSeq: 1\r\nAuthorization: Basic %s\r\n\r\n' "$rtsp" "$(printf 'viewer:%s' "$token" | base64 -w 0)" >&3
timeout 10 sed '/^\r*$/q' <&3 >answer.txt || true
exec 3>&-
expect "the token in the clear is refused" grep -q '^RTSP/1.0 401' answer.txt
expect "and not asked for" test "$(grep -ic '^WWW-Authenticate:' answer.txt) $(grep -ic '^WWW-Authenticate: Digest' answer.txt)" = "1 1"
stop_launcher TERM

# TLS: by the same certificate as HTTP, for picture and sound too.
start tls tls-certificate=certificate.pem tls-key=key.pem
expect "with a certificate RTSP is encrypted" test "${rtsp%%:*}" = rtsps
expect "mpv plays it" watched tls "$rtsp"
expect "and the picture moves" moves tls
expect "HTTP-FLV by TLS plays too, its certificate verified" watched https "$url/live.flv" --tls-verify=yes --tls-ca-file=certificate.pem
expect "nobody is served without TLS" refuses "${rtsp/rtsps/rtsp}"
place=${rtsp#rtsps://}
: >answer.txt
requests "DESCRIBE $rtsp RTSP/1.0" "SETUP $rtsp/stream=0 RTSP/1.0\r\nTransport: RTP/AVP;unicast;client_port=15000-15001" \
  "SETUP $rtsp/stream=0 RTSP/1.0\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1" |
  timeout 30 openssl s_client -connect "${place%%/*}" -quiet -no_ign_eof -nocommands -CAfile certificate.pem -verify_return_error -verify_ip 127.0.0.1 \
    >answer.txt 2>>refused.log || true
expect "the certificate is the file's; nothing is sent by UDP: $(grep -a '^RTSP' answer.txt | tr -d '\r' | tr '\n' ' ')" \
  test "$(grep -a '^RTSP' answer.txt | cut -d' ' -f2 | tr '\n' ' ')" = "200 461 200 "
stop_launcher TERM

start both tls-certificate=certificate.pem tls-key=key.pem token-file=viewers.token
expect "with TLS and a token mpv plays" watched both "$(with_password "$token")"
expect "without the token nobody does" refuses "$rtsp"
stop_launcher TERM
expect "it ends in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000

# Beyond loopback there is no RTSP without a token.
sed 's/^listen=127.0.0.1:0$/listen=0.0.0.0:0/; 0,/^\[control\]/!s/^listen=.*/listen=127.0.0.1:0/' open.pipeline >far.pipeline
got=0
timeout 20 "$STEG_LAUNCH" far.pipeline 2>far.log || got=$?
expect "beyond loopback it does not start without a token" test "$got" -eq 2
expect "and says what to do" grep -q 'set token-file' far.log
