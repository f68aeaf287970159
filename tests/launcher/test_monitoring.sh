#!/usr/bin/env bash
# docs/monitoring against the real /metrics: a real Prometheus reads a real steg-launch, every panel of the dashboard and every
# rule finds its figures, an alert fires when rows of the audit log are changed, and promtool runs the rules' own tests.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cp "$top"/docs/monitoring/* "$top/tests/monitoring/alerts_test.yml" .
openssl rand -hex 32 >token
openssl rand -hex 32 >steg.key
expect "the rules are well-formed" promtool check rules alerts.yml
expect "each fires when it should, and only then" promtool test rules alerts_test.yml
expect "each rule has such a test" test -z "$(sed -n 's/.*alert: //p' alerts.yml | while read -r alert; do
  grep -q exp_labels <<<"$(grep -A 2 "alertname: $alert\$" alerts_test.yml)" || echo "$alert"; done)"
expect "each rule is in docs/monitoring.md" test -z "$(sed -n 's/.*alert: //p' alerts.yml | while read -r alert; do
  grep -q "^| $alert " "$top/docs/monitoring.md" || echo "$alert"; done)"

# What Grafana would put right in silence, or leave out: panels with one number, panels over each other, queries with one letter.
expect "panels of the dashboard have numbers of their own" jq -e '[.panels[].id] | length == (unique | length)' dashboard.json
expect "and places of their own, in 24 columns" jq -e '[.panels[].gridPos | . as $p | select($p.x + $p.w <= 24) |
  range($p.x; $p.x + $p.w) as $x | range($p.y; $p.y + $p.h) as $y | [$x, $y]] as $cells |
  ($cells | length) == ($cells | unique | length) and ($cells | length) == ([.panels[].gridPos | .w * .h] | add)' dashboard.json
expect "and a letter for each query" jq -e 'all(.panels[]; [.targets[].refId] | length == (unique | length))' dashboard.json
expect "and ask the Prometheus that was chosen" jq -e 'all(.panels[]; .datasource == {type: "prometheus", uid: "${datasource}"})' dashboard.json

cat >fan.pipeline <<'END'
[pipeline]
description=videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=320,height=240,framerate=15/1 ! framediff ! tee name=frames
recipient=frames. ! queue ! stegencode name=mark-${recipient} id=${id} key-file=steg.key verify-interval=1000000000 ! \
  auditlog name=audit-${recipient} stream=${recipient} database=sqlite:audit.db key-file=steg.key ! \
  x264enc name=enc-${recipient} tune=zerolatency speed-preset=ultrafast ! h264parse ! flvmux name=mux-${recipient} streamable=true ! fakesink sync=false
[variables]
id=
[recipient east]
id=EAST
[recipient tv-east]
id=TVEAST
[control]
listen=127.0.0.1:0
id=mark.id
token-file=token
[playback]
flv=mux
[rate]
encoder=enc
END
launch fan.pipeline
launched_url
bearer=(-H "Authorization: Bearer $(cat token)")
metrics() { curl -sS --max-time 10 "${bearer[@]}" "$url/metrics"; }
shows() { grep -qE "^$1\$" <<<"$(metrics)"; }
expect "the stream runs" wait_for 90 shows 'steg_running{stream="fan"} 1'
expect "it was started" shows 'steg_started{stream="fan"} 1'
for recipient in east tv-east; do
  expect "a frame of $recipient is read back" wait_for 60 shows "steg_mark_margin\{stream=\"fan\",recipient=\"$recipient\"\} [-0-9.e]+"
  expect "its audit log is read back too" wait_for 60 shows "steg_audit_verified_seq\{stream=\"fan\",recipient=\"$recipient\"\} [1-9][0-9]*"
done
expect "no figure comes twice" test -z "$(metrics | grep -v '^#' | sed 's/ [^ ]*$//' | sort | uniq -d)"

# The shipped configuration, but for the address and a time that suits a test.
port=$(free_port)
sed "s/127\.0\.0\.1:5000/${url#http://}/; s/scrape_interval: 15s/scrape_interval: 1s/; 1i global: {evaluation_interval: 1s}" prometheus.yml >test.yml
expect "Prometheus takes its configuration" promtool check config test.yml
prometheus --config.file=test.yml --storage.tsdb.path=data --web.listen-address="127.0.0.1:$port" >prometheus.log 2>&1 &
prometheus="http://127.0.0.1:$port/api/v1"
results() {  # EXPRESSION: how many series it gives
  curl -sS --max-time 10 -G "$prometheus/query" --data-urlencode "query=$1" | jq '.data.result | length'
}
gives() { [ "$(results "$1" 2>/dev/null || echo 0)" -ge 1 ]; }
expect "it reads steg-launch, by its token" wait_for 60 gives 'up{job="steg"} == 1'
expect "several times" wait_for 60 gives 'count_over_time(steg_running[1m]) > 3'

jq -r '.panels[].targets[].expr, (.templating.list[] | select(.type == "query") | .query.query)' dashboard.json >expressions.txt
expect "the dashboard has expressions" test "$(wc -l <expressions.txt)" -gt 15
while IFS= read -r expression; do
  expression=${expression//\$stream/.*}
  # The variable: label_values(FIGURE, LABEL).
  if [[ $expression =~ ^label_values\((.*),\ (.*)\)$ ]]; then expression="count by (${BASH_REMATCH[2]}) (${BASH_REMATCH[1]})"; fi
  expect "the dashboard has data: $expression" wait_for 20 gives "$expression"
done <expressions.txt

# Every figure that a rule names is there.
sed -n 's/.*expr: //p' alerts.yml | grep -oE '\bsteg_[a-z_]+' | sort -u >figures.txt
while IFS= read -r figure; do
  expect "rules: $figure is there" gives "$figure"
done <figures.txt
firing() { curl -sS --max-time 10 "$prometheus/alerts" | jq -e --arg name "$1" '[.data.alerts[] | select(.state == "firing" and .labels.alertname == $name)] | length > 0' >/dev/null; }
expect "nothing fires" test "$(curl -sS "$prometheus/alerts" | jq '[.data.alerts[] | select(.state == "firing")] | length')" = 0

# Whoever owns the database changes each new row of one recipient.
sqlite3 audit.db "CREATE TRIGGER forge AFTER INSERT ON steg_audit_event WHEN NEW.stream = 'east'
  BEGIN UPDATE steg_audit_event SET id = 'FORGED' WHERE rowid = NEW.rowid; END"
answers 200 '.ok' "${bearer[@]}" -d '{"id": "OTHER"}' "$url/custom?recipient=east"
expect "it is seen" wait_for 60 shows 'steg_audit_tampered{stream="fan",recipient="east"} [1-9][0-9]*'
expect "of that recipient only" shows 'steg_audit_tampered{stream="fan",recipient="tv-east"} 0'
expect "the alert fires" wait_for 60 firing StegAuditChainBroken

answers 200 '.ok' "${bearer[@]}" "$url/stop"
expect "a stream that was stopped is not down" wait_for 30 gives 'steg_started == 0 and steg_running == 0'
stop_launcher TERM
