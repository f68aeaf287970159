#!/usr/bin/env bash
# Copies of an A/B stream, re-encoded or mixed: steg-trace reads position and variant of each segment and names those who
# were sent them, and revokes their tokens while a copy plays. Meson gives STEG_TRACE, STEG_AUDIT and AB_PATTERN.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${STEG_TRACE:?set STEG_TRACE to the steg-trace to test}" "${AB_PATTERN:?set AB_PATTERN to the ab-pattern to test with}"
first=900000100
segments=50
# Always the same one: so are the patterns, and what the copies can show.
printf '%064x\n' 20261129 >steg.key

# Half a second a segment, six pictures a second. Without B frames, as the shipped pipelines encode: with them x264 makes another copy each
# time where key frames are asked for.
ffmpeg -v error -stream_loop 9 -i "$clip" -t 25 -vf fps=6,scale=480:270 -an -c:v libx264 -preset ultrafast -crf 10 source.mp4 </dev/null
branch() {
  echo "frames. ! queue ! stegencode segment-duration=500000000 first-position=$first variant=$1 key-file=steg.key !" \
    "x264enc speed-preset=veryfast pass=qual quantizer=18 bframes=0 key-int-max=1000 option-string=scenecut=0 ! h264parse ! mp4mux ! filesink location=$2.mp4"
}
# shellcheck disable=SC2046
gst-launch-1.0 -q filesrc location=source.mp4 ! decodebin ! videoconvert ! tee name=frames $(branch 0 a) $(branch 1 b) >marking.log 2>&1 ||
  fail "marking: $(cat marking.log)"

# pattern NAME: the variants that NAME is sent.
pattern() { "$AB_PATTERN" steg.key 2 uniform "$1" $first $segments; }
# copy PATTERN OUT FFMPEG-ARGUMENT...: the segments of a PATTERN in a and b as one stream, encoded again. At CRF 20 x264 copies much of the
# segment before into one that has three frames only, and how many are read depends on its threads: 44 to 50 of 50, 16 to 27 of 28 that are mixed.
copy() {
  local pattern=$1 out=$2 enable=0 i
  shift 2
  for ((i = 0; i < ${#pattern}; i++)); do
    [ "${pattern:i:1}" = a ] || enable+="+between(n,$((3 * i)),$((3 * i + 2)))"
  done
  ffmpeg -v error -y -i a.mp4 -i b.mp4 -filter_complex "[0:v][1:v]overlay=enable='$enable'" -c:v libx264 -preset veryfast "$@" "$out" </dev/null
}
# trace STATUS FILE ARGUMENT...: into trace.json.
trace() {
  local expected=$1 got=0
  shift
  timeout 600 "$STEG_TRACE" --json --threads 1 --key-file steg.key "$@" >trace.json 2>trace.log || got=$?
  [ "$got" -eq "$expected" ] || fail "status $got instead of $expected: $(cat trace.log trace.json)"
}
shown() { jq -er ".files[0].ab | $1" trace.json; }
named() { shown '[.scores[] | select(.named) | .viewer] | sort | join(" ")'; }

{ seq -f 'viewer-%g' 100; echo alice; } >viewers.txt
printf '%s\n' alice bob carol dave erin >few.txt
alice=$(pattern alice)
bob=$(pattern bob)
copy "$alice" leak.mp4 -crf 16

named_leak() {
  trace 0 --no-search --viewers viewers.txt --uniform --report leak.html leak.mp4
  local letters
  letters=$(shown '[.segments[].variant // "."] | join("")')
  expect "nearly all segments are read: $letters" test "$(shown '[.segments[] | select(.state == "read")] | length')" -ge $((segments - 4))
  expect "their positions follow each other" shown '[.segments[].position] | . == [range(.[0]; .[0] + length)]' >/dev/null
  expect "each of them shows alice's variant" test "$(shown '[.segments[] | select(.state == "read") | "\(.position) \(.variant)"] | join(",")')" = \
    "$(shown '[.segments[] | select(.state == "read") | .position] | .[]' | while read -r p; do echo "$p ${alice:p-first:1}"; done | paste -sd,)"
  expect "alice alone is named, at 10^-9 or less" test "$(named)" = alice
  expect "the sequence told is hers" grep -q "$(shown '.scores[0].variants')" <<<"$alice"
  expect "times are those of the copy" shown '[.segments[] | .from] | . == sort and .[20] >= 9.6 and .[20] <= 10.4' >/dev/null
  expect "the report has the strip, and her row under it" grep -q 'position 900000100, .*alice' <(tr -d '\n' <leak.html)
}

no_viewers() {
  local got=0
  "$STEG_TRACE" --no-search --threads 1 --key-file steg.key leak.mp4 >out.txt 2>trace.log || got=$?
  expect "without viewers the segments are the answer" test "$got" -eq 0
  expect "they are printed" grep -q "900000100 to 900000129 *[ab.]*" out.txt
  expect "it says what to give" grep -q -- '--viewers' out.txt
  grep -v alice viewers.txt >others.txt
  trace 1 --no-search --viewers others.txt --uniform leak.mp4
  expect "of those who did not leak, nobody is named" test -z "$(named)"
  "$STEG_TRACE" --no-search --threads 1 --key-file steg.key --viewers missing.txt leak.mp4 >out.txt 2>trace.log && fail "a list that is missing"
  expect "a missing list is an error that says so" grep -q 'missing.txt cannot be read' trace.log
}

# Both copies averaged: where they have the same variant it is read, elsewhere the segments are mixed.
averaged() {
  copy "$alice" one.mp4 -crf 12
  copy "$bob" two.mp4 -crf 12
  ffmpeg -v error -i one.mp4 -i two.mp4 -filter_complex '[0:v][1:v]blend=all_mode=average' -c:v libx264 -preset veryfast -crf 14 averaged.mp4 </dev/null
  trace 0 --no-search --max-p-value 1e-4 --viewers few.txt --uniform averaged.mp4
  expect "both are named" test "$(named)" = "alice bob"
  local mixed same i
  mixed=$(shown '[.segments[] | select(.state == "mixed")] | length')
  same=0
  for ((i = 0; i < segments; i++)); do
    if [ "${alice:i:1}" = "${bob:i:1}" ]; then same=$((same + 1)); fi
  done
  expect "segments in which they differ are mixed: $mixed of $((segments - same))" test "$mixed" -ge $(((segments - same) * 2 / 3))
}

# A file that somebody is writing: she is named before it ends, by what it shows so far.
growing_file() {
  local tracer most got=0
  ffmpeg -v error -i leak.mp4 -c copy -f mpegts whole.ts </dev/null
  most=$(($(stat -c %s whole.ts) * 3 / 4))
  head -c "$most" whole.ts >growing.ts
  "$STEG_TRACE" --follow --json --threads 1 --key-file steg.key --viewers few.txt --uniform --max-p-value 1e-5 growing.ts >trace.json 2>trace.log &
  tracer=$!
  wait_for 300 grep -q 'segments read; .*not named' trace.log || fail "what is there is scored: $(cat trace.log)"
  expect "the reader waits for more" kill -0 "$tracer"
  tail -c +$((most + 1)) whole.ts >>growing.ts
  wait "$tracer" || got=$?
  expect "a viewer is named" test "$got" -eq 0
  expect "it is alice" test "$(named)" = alice
  expect "the last line says so" grep -q 'alice .*, named\.$' <(tail -n 1 trace.log)
}

# A stream that somebody sends to a server as it plays.
stream() {
  local port
  port=$(free_port)
  start_nginx out "$work/out" "$port" "$(free_port)"
  copy "$alice" live.mp4 -crf 20 -g 12
  ffmpeg -v error -re -stream_loop -1 -i live.mp4 -c copy -f flv "rtmp://127.0.0.1:$port/live/stream" </dev/null >sender.log 2>&1 &
  trace 0 --follow --viewers few.txt --uniform --max-p-value 1e-3 "rtmp://127.0.0.1:$port/live/stream"
  expect "alice is named by her stream" test "$(named)" = alice
}

# Starts the edge of what is in the folder film, with a database: give_tokens then has three viewers.
start_film_edge() {
  cat >edge.pipeline <<END
[pipeline]
description=videotestsrc ! fakesink
[control]
listen=127.0.0.1:$(free_port)
token-file=control.token
[edge]
media=film
key-file=steg.key
first-position=$first
bias=uniform
database=$1
END
  openssl rand -hex 32 >control.token
  authorization="Authorization: Bearer $(cat control.token)"
  launch edge.pipeline --no-autostart
  launched_url
}
give_tokens() {
  local viewer
  for viewer in alice bob carol; do
    curl -sS -H "$authorization" -d "{\"viewer\": \"$viewer\", \"minutes\": 60}" "$url/tokens" >$viewer.json
  done
  alice_path=$url$(jq -r .path alice.json)
  bob_path=$url$(jq -r .path bob.json)
}

# The edge gives alice her segments, and she streams them to everybody: she is named while that plays, her token is revoked, and her
# stream ends because she gets no more segments. Bob, of whom nothing is proved, keeps his.
revoked_while_it_plays() {
  local variant port restream got=0 name names authorization alice_path bob_path
  for variant in a b; do
    mkdir -p "film/$variant"
    # Each key frame begins a file.
    ffmpeg -v error -i $variant.mp4 -c:v libx264 -preset veryfast -crf 12 -force_key_frames 'expr:gte(n,n_forced*3)' \
      -f hls -hls_time 0.4 -hls_playlist_type vod -hls_segment_filename "film/$variant/%06d.ts" "film/$variant/index.m3u8" </dev/null
  done
  mapfile -t names < <(grep '\.ts$' film/a/index.m3u8)
  expect "there are $segments segments" test ${#names[@]} -eq $segments
  start_film_edge sqlite:audit.db
  give_tokens

  # Where there is no edge to ask, nothing is begun.
  "$STEG_TRACE" --follow --key-file steg.key --database sqlite:audit.db --revoke-at "$url" leak.mp4 2>messages || got=$?
  expect "without its token the edge refuses at once" test "$got $(grep -c 'answers 401' messages)" = "2 1"
  # Too short a copy for anybody to be named.
  ffmpeg -v error -y -i leak.mp4 -t 6 -c copy -f mpegts short.ts </dev/null
  trace 1 --follow --database sqlite:audit.db --revoke-at "$url" --token-file control.token short.ts
  answers 200 '[.tokens[] | .revoked] == [null, null, null]' -H "$authorization" "$url/tokens"

  port=$(free_port)
  start_nginx out "$work/in" "$port" "$(free_port)"
  # Over and over, until a segment is refused.
  download() {
    while :; do
      for name in "${names[@]}"; do
        curl -sS -o segment.ts -w '%{http_code}\n' "$alice_path$name" >status.txt
        [ "$(cat status.txt)" = 200 ] || return 0
        cat segment.ts
      done
    done
  }
  download 2>download.log | ffmpeg -v error -re -f mpegts -i - -c:v libx264 -preset veryfast -crf 20 -g 12 -f flv \
    "rtmp://127.0.0.1:$port/live/stream" >sender.log 2>&1 &
  restream=$!
  trace 0 --follow --max-p-value 1e-3 --database sqlite:audit.db --revoke-at "$url" --token-file control.token \
    "rtmp://127.0.0.1:$port/live/stream"
  expect "alice is named" test "$(named)" = alice
  expect "it says that her token is revoked" grep -q "alice: 1 token revoked at $url" trace.log
  wait "$restream" || true
  expect "her stream ended at a segment that was refused" test "$(cat status.txt)" = 403
  answers 403 '.error | contains("the token was revoked")' "${alice_path}000001.ts"
  answers 200 '[.tokens[] | select(.revoked != null) | .viewer] == ["alice"]' -H "$authorization" "$url/tokens"
  expect "bob is served" test "$(curl -sS -o segment.ts -w '%{http_code}' "${bob_path}000001.ts")" = 200
  stop_launcher TERM
  expect "the log has a row of it" test "$(sqlite3 audit.db "SELECT group_concat(id) FROM steg_audit_record WHERE intervals_open = 0")" = alice
  "$STEG_AUDIT" verify --key-file steg.key --database sqlite:audit.db >verify.txt || fail "the log is intact: $(cat verify.txt)"
}

revokes_carol() { [ "$(curl -sS -o reply.json -w '%{http_code}' -H "$authorization" -X DELETE "$url/tokens/$(jq -r .id carol.json)")" = 200 ]; }
revoked_sessions_are() {  # URI SESSIONS: those of alice in the log
  [ "$("$STEG_AUDIT" list --format json --database "$1" --id alice | jq -r '.[] | select(.intervals_open == 0) | .session' | sort)" = "$2" ]
}
# The database goes while a copy plays, and the edge's disk takes nothing: alice is named and her tokens cannot be revoked for good, which is said, with
# the report and a status of failure. When the disk takes something again the same call succeeds, and the row of it is there when the database is.
revocation_fails() {
  local postgres="$top/tests/postgres/postgres.sh" database uri variant tracer most got=0 authorization alice_path bob_path ids
  database=$("$postgres" create)
  uri=$("$postgres" start "$database" $$)
  mkdir -p film/a film/b
  for variant in a b; do
    printf '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.5,\n000001.ts\n#EXT-X-ENDLIST\n' >film/$variant/index.m3u8
    echo "$variant" >film/$variant/000001.ts
  done
  export XDG_STATE_HOME="$work/state"
  trap '' XFSZ # which the edge inherits: a file that cannot grow is an error then, as a full disk is
  start_film_edge "$uri"
  give_tokens
  curl -sS -H "$authorization" -d '{"viewer": "alice", "minutes": 60}' "$url/tokens" >second.json
  ids=$(jq -r .id alice.json second.json | sort)
  ffmpeg -v error -y -i leak.mp4 -c copy -f mpegts played.ts </dev/null
  most=$(($(stat -c %s played.ts) * 3 / 4)) # enough for a look, and too little for a name
  head -c "$most" played.ts >playing.ts
  "$STEG_TRACE" --follow --json --threads 1 --key-file steg.key --max-p-value 1e-8 --database "$uri" --revoke-at "$url" --token-file control.token \
    playing.ts >trace.json 2>trace.log &
  tracer=$!
  wait_for 300 grep -q 'segments read; .*not named' trace.log || fail "what is there is scored: $(cat trace.log)"
  "$postgres" stop "$database"
  prlimit --fsize=0: --pid "$launcher_pid"
  tail -c +$((most + 1)) played.ts >>playing.ts
  wait "$tracer" || got=$?
  cat trace.log
  expect "that is a failure" test "$got" -eq 2
  expect "and alice is named all the same" test "$(named)" = alice
  expect "it says that her two tokens are not revoked, and why" grep -q 'alice: the tokens are not revoked: 2 of 2 .*503: The audit log cannot be written' trace.log
  expect "and what to do" grep -q "alice may go on watching.*DELETE $url/tokens/ID" trace.log
  expect "nor could the log be read" grep -q 'the report has no rows of the audit log' trace.log
  expect "the report says nothing of its rows" jq -e 'has("audit") | not' trace.json
  answers 403 '.error | contains("the token was revoked")' "${alice_path}000001.ts"
  answers 200 '[.tokens[].revoked] == [null, null, null, null]' -H "$authorization" "$url/tokens"
  expect "bob is served" test "$(curl -sS -o segment.ts -w '%{http_code}' "${bob_path}000001.ts")" = 200

  prlimit --fsize=unlimited: --pid "$launcher_pid"
  wait_for 60 revokes_carol || fail "the edge's log takes something again"
  trace 0 --follow --max-p-value 1e-8 --viewers few.txt --uniform --revoke-at "$url" --token-file control.token playing.ts
  expect "the same call revokes both" grep -q "alice: 2 tokens revoked at $url" trace.log
  answers 200 '[.tokens[] | select(.revoked != null) | .id] | length == 3' -H "$authorization" "$url/tokens"
  "$postgres" start "$database" $$ >/dev/null
  expect "the log has a row of each when the database is there" wait_for 60 revoked_sessions_are "$uri" "$ids"
  stop_launcher TERM
  "$STEG_AUDIT" verify --key-file steg.key --database "$uri" >verify.txt || fail "the log is intact: $(cat verify.txt)"
  "$postgres" remove "$database"
}

follow_refuses() {
  local got
  for wrong in "--follow leak.mp4" "--follow --viewers few.txt leak.mp4 leak.mp4" "--viewers few.txt --revoke-at http://127.0.0.1:1 leak.mp4" \
    "--follow --viewers few.txt --revoke-at 127.0.0.1:1 leak.mp4" "--follow --viewers few.txt --token-file few.txt leak.mp4" \
    "--follow --viewers few.txt --revoke-at http://127.0.0.1:1 --token-file missing leak.mp4"; do
    got=0
    # shellcheck disable=SC2086
    "$STEG_TRACE" --key-file steg.key $wrong 2>messages || got=$?
    expect "$wrong is a wrong call that says why" test "$got $(grep -cE -- '--follow|--revoke-at|token file' messages)" = "2 1"
  done
}

try named_leak named_leak
try growing_file growing_file
try stream stream
try revoked_while_it_plays revoked_while_it_plays
try revocation_fails revocation_fails
try follow_refuses follow_refuses
try no_viewers no_viewers
try averaged averaged
