#!/usr/bin/env bash
# A stream whose ID and address change at random, that is stopped and killed at random and whose database goes away at random is recorded;
# the IDs that steg-trace reads from the recordings, and when they come and go, are then compared with the rows of the audit log.
# With tests/run.sh --soak: more rounds, and to the frame. STEG_SEED repeats a run.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${STEG_TRACE:?set STEG_TRACE to the steg-trace to test}"
: "${STEG_AUDIT:?set STEG_AUDIT to the steg-audit to test}"
rounds=${STEG_SOAK:+10}
rounds=${rounds:-2}
frame_rate=25
# How many frames a second steg-trace takes: all, or so many. Two of those are up to 1.618 (the golden section) times the
# mean apart, so it may see an ID that much later than it came.
read_rate=${STEG_SOAK:+1000}
read_rate=${read_rate:-4}
# How many frames an ID stays at least, so that it is not missed: steg-trace takes the frames between two looks for what
# those say, and its looks are one a second, the first frame taken that is not before their moment.
hold=$((frame_rate * 1618 * (read_rate + 1) / (1000 * read_rate) + 2))
RANDOM=${STEG_SEED:-20261124}
"$STEG_AUDIT" keygen steg.key >/dev/null

# IDs come back, and some would hurt a careless statement or protocol.
ids=(ALICE1 BOB2 carol "d'--;" '"e\f' "f %s" $'\xC3\xA4\xE2\x82\xAC' 7)
ffmpeg -v error -i "$clip" -t 3 -vf "scale=640:360,fps=$frame_rate" -an -c:v libx264 -preset ultrafast -qp 22 -g 25 -bf 0 \
  -pix_fmt yuv420p once.mp4 </dev/null
ffmpeg -v error -stream_loop -1 -i once.mp4 -t 240 -c copy source.mp4 </dev/null
cat >recording.pipeline <<'PIPELINE'
[pipeline]
description= \
  filesrc location=${input} ! qtdemux ! h264parse ! avdec_h264 thread-type=slice ! \
  clocksync ! stegencode name=mark id=${id} key-file=${key-file} ! \
  auditlog name=audit database=${database} stream=live key-file=${key-file} client-ip=${client-ip} ! \
  x264enc tune=zerolatency speed-preset=ultrafast pass=quant quantizer=8 ! h264parse ! \
  matroskamux streamable=true ! filesink location=${output} buffer-mode=unbuffered

[variables]
input=source.mp4
output=
id=
key-file=steg.key
database=
client-ip=

[control]
listen=127.0.0.1:0
proxies=127.0.0.1
id=mark.id
client-ip=audit.client-ip
PIPELINE

postgres="$top/tests/postgres/postgres.sh"
server=$("$postgres" create)
database=$("$postgres" start "$server" $$)
database_is_up=yes
export XDG_STATE_HOME="$work/state"

now() { date -u +%Y-%m-%dT%H:%M:%S.%6NZ; }
frames_since() { [ "$(status .audit.frames)" -ge $(($1 + $2)) ]; }  # FRAMES MORE
records_over() { [ "$(status .audit.records)" -gt "$1" ]; }
fault() {
  if [ -z "$database_is_up" ]; then
    "$postgres" start "$server" $$ >/dev/null
    database_is_up=yes
  else
    if [ $((RANDOM % 2)) -eq 0 ]; then "$postgres" stop "$server"; else "$postgres" kill "$server"; fi
    database_is_up=
  fi
}
# What the log must say: issued ROUND ID ADDRESS ASKED SEEN
issued() {
  jq -nc --argjson round "$1" --arg id "$2" --arg ip "$3" --arg asked "$4" --arg seen "$5" '$ARGS.named' >>issued.json
}

for round in $(seq 0 $((rounds - 1))); do
  id=${ids[RANDOM % ${#ids[@]}]}
  ip=192.0.2.$((RANDOM % 4))
  asked=$(now)
  launch recording.pipeline --set "id=$id" --set "client-ip=$ip" --set "database=$database" --set "output=$round.mkv"
  launched_url
  wait_for 60 frames_since 0 1 2>/dev/null || fail "round $round does not start"
  for change in $(seq 0 $((2 + RANDOM % 3))); do
    if [ "$change" -gt 0 ]; then
      before=$(status .audit.records)
      old="$id $ip"
      while [ "$id $ip" = "$old" ]; do
        [ $((RANDOM % 4)) -eq 0 ] || id=${ids[RANDOM % ${#ids[@]}]}
        ip=192.0.2.$((RANDOM % 4))
      done
      asked=$(now)
      curl -sS --max-time 20 -H "X-Forwarded-For: $ip" -d "$(jq -nc --arg id "$id" '{id: $id}')" "$url/custom" | jq -e .ok >/dev/null ||
        fail "the ID $id is refused"
      wait_for 60 records_over "$before" || fail "no record begins for $id and $ip"
    fi
    issued "$round" "$id" "$ip" "$asked" "$(now)"
    [ $((RANDOM % 3)) -ne 0 ] || fault
    frames=$(status .audit.frames)
    wait_for 60 frames_since "$frames" $((hold + RANDOM % 10)) || fail "the frames of round $round stop coming"
  done
  # The first round is killed, the last one ends well.
  if [ "$round" -ne $((rounds - 1)) ] && { [ "$round" -eq 0 ] || [ $((RANDOM % 2)) -eq 0 ]; }; then
    kill -KILL "$launcher_pid"
    wait "$launcher_pid" 2>/dev/null || true
  else
    stop_launcher TERM >/dev/null
  fi
done
[ -n "$database_is_up" ] || fault
# What waits in the spool is written by the next start.
launch recording.pipeline --set id=LAST --set "database=$database" --set output=last.mkv
launched_url
drained() { [ "$(status .audit.pending)" -eq 0 ]; }
expect "the database catches up" wait_for 60 drained
stop_launcher TERM
expect "the chain verifies" "$STEG_AUDIT" verify --database "$database" --key-file steg.key

psql -X -At "$database" >rows.json <<'SQL'
SELECT json_build_object('session', o.session, 'first_seq', o.seq, 'id', o.id, 'ip', o.client_ip, 'minute', o.minute,
  'first_time', o.first_time, 'last_time', c.last_time, 'first_pts', o.first_pts, 'last_pts', c.last_pts,
  'frames', c.frames_encoded + c.frames_repeated + c.frames_residual)
FROM steg_audit_event o LEFT JOIN steg_audit_event c ON c.session = o.session AND c.record = o.record AND c.event = 'close'
WHERE o.event = 'open' ORDER BY o.seq
SQL
for round in $(seq 0 $((rounds - 1))); do
  "$STEG_TRACE" --json --no-search --rate "$read_rate" --key-file steg.key "$round.mkv" >trace.json || fail "steg-trace finds nothing in $round.mkv"
  jq -c --argjson round "$round" --argjson frames "$(frames_in "$round.mkv")" \
    '.files[0] | {round: $round, frames: $frames, segments: [.segments[] | {from, to, id}]}' trace.json >>read.json
done
"$postgres" remove "$server"

# One line for each thing that is not as it should be, and a last one that says how much was compared.
jq -nr --argjson frame_rate "$frame_rate" --argjson read_rate "$read_rate" \
  --slurpfile rows rows.json --slurpfile issued issued.json --slurpfile read read.json '
  # Rows that follow each other and agree in `by` are one.
  def merged(by): reduce .[] as $row ([];
    if length > 0 and (.[-1] | by) == ($row | by)
    then .[-1] += ($row | {last_time, last_pts}) | .[-1].frames += $row.frames
    else . + [$row] end);
  def seconds: sub("(?<s>\\.[0-9]+)Z$"; "Z") as $whole | ($whole | fromdate) + (capture("(?<s>\\.[0-9]+)Z$").s | "0" + . | tonumber);
  (1 / $frame_rate) as $frame
  | (if $read_rate < $frame_rate then 1.6181 / $read_rate else 0 end) as $apart
  # Half a frame, because Matroska has times in milliseconds.
  | def late: . < -$frame / 2 or . > $apart + $frame / 2;
    ($rows | group_by(.session) | sort_by(.[0].first_seq)) as $sessions
  | [$read[] | . as $read | $sessions[.round] as $rows
    | "round \(.round): " as $where
    | ($rows | merged([.id, .ip])) as $given
    | ($rows | merged(.id)) as $said
    | [$issued[] | select(.round == $read.round)] as $issued
    | ($rows[-1].last_pts == null) as $killed
    | (if [$given[] | [.id, .ip]] != [$issued[] | [.id, .ip]]
       then "the log has \([$given[] | [.id, .ip]]), given were \([$issued[] | [.id, .ip]])" else
        (range($given | length) as $i | $given[$i] | select(.first_time < $issued[$i].asked or .first_time > $issued[$i].seen)
         | "\(.id) begins at \(.first_time), but was asked for at \($issued[$i].asked) and seen at \($issued[$i].seen)") end),
      (if [$said[].id] != [$read.segments[].id] then "the log has the IDs \([$said[].id]), the recording \([$read.segments[].id])" else
        (range($said | length) as $i | $said[$i] as $row | $read.segments[$i]
         | select((.from - $row.first_pts / 1e9 | late)
             or ($row.last_pts != null and (.to - $row.last_pts / 1e9 - $frame | late)))
         | "\(.id) is in the recording from \(.from) to \(.to), in the log from \($row.first_pts / 1e9) to \(($row.last_pts // 0) / 1e9)") end),
      ($rows[] | select(.first_time[0:16] + "Z" != .minute or (.last_time != null and .last_time[0:16] + "Z" != .minute))
       | "the times \(.first_time) and \(.last_time) do not lie in the minute \(.minute)"),
      # A frame waits for its time, which counts from when the stream starts or later.
      ($rows[] | select((.first_time | seconds) - ($issued[0].asked | seconds) < .first_pts / 1e9)
       | "\(.id) came at \(.first_time), before its time"),
      ([$rows[] | .frames // 0] | add | select(if $killed then . > $read.frames + 5 else . != $read.frames end)
       | "the log has \(.) frames, the recording \($read.frames)")
    | $where + .] as $wrong
  | $wrong[], "\($rows | length) records, \([$read[].frames] | add) frames, \($issued | length) times that an ID or address changed, \($wrong | length) differences"' >compared.txt
cat compared.txt
expect "the log says what the recordings contain" grep -q ' 0 differences$' compared.txt
