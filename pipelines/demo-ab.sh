# The part of demo.sh that is about A/B segments; demo.sh sources it. A film is marked as two variants of segments of 1 s. Ten viewers get
# tokens and download it from nginx, which asks steg-launch whose variant is whose. One of them gives 60 s away, coded again and cropped;
# then two mix theirs.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
: "${build:?demo.sh sources this file}" "${out:?}" "${began:?}"
viewers=(alice bob carol dave erin frank grace heidi ivan judy)
leaker=grace
mixers=(bob judy)
film_seconds=64
variants=2
database="sqlite:$out/audit.db"
(umask 077 && openssl rand -hex 32 >"$out/steg.key")
mkdir -p "$out"/film/{a,b} "$out/viewers"

step "A film of $film_seconds s, marked as $variants variants of segments of 1 s"
# The picture moves slowly over the clip, so that no two rounds of it are the same.
ffmpeg -v error -stream_loop -1 -i tests/media/dog_720p.mp4 -t $film_seconds -an \
  -vf "fps=15,crop=1152:648:'64+60*sin(t/9)':'36+34*cos(t/7)',scale=1280:720" -c:v libx264 -preset ultrafast -crf 12 "$out/film.mp4" </dev/null
echo "steg-launch ab-file.pipeline --set input=demo-output/film.mp4 --set output=demo-output/film --set key-file=demo-output/steg.key ..."
"$build/launcher/steg-launch" pipelines/ab-file.pipeline --set "input=$out/film.mp4" --set "output=$out/film" --set "key-file=$out/steg.key" \
  --set segment-duration=1000000000 --set target-duration=1 --set preset=superfast --set quality=18 >"$out/marking.log" 2>&1 ||
  give_up "the film is not marked"
segments=$(grep -c '\.ts$' "$out/film/a/index.m3u8")
echo "$segments segments: $(du -sh "$out/film/a" | cut -f1) a variant"

step "steg-launch gives out tokens, nginx is the edge"
control_port=$(port_or_other "control" 5000)
edge_port=$(port_or_other "edge" 8080)
# Equal shares of the variants: 60 segments are enough for one leaker, and too few for two (docs/measured/collusion.md).
"$build/launcher/steg-launch" pipelines/ab-edge.pipeline --no-autostart --listen "127.0.0.1:$control_port" --set "media=$out/film" \
  --set "key-file=$out/steg.key" --set "database=$database" --set bias=uniform >"$out/launcher.out" 2>"$out/launcher.log" &
launcher=$!
control="http://127.0.0.1:$control_port"
edge="http://127.0.0.1:$edge_port"
wait_for 60 curl -sf -o "$out/healthz" "$control/healthz" || give_up "steg-launch does not start: $(tail -n 3 "$out/launcher.log")"
start_edge "$out/edge" "$edge_port" "$control_port" "$out/film" || give_up "nginx does not start"
echo "curl -d '{\"viewer\": \"alice\", \"minutes\": 120, \"client_ip\": \"192.0.2.1\"}' $control/tokens"
declare -A address
for i in "${!viewers[@]}"; do
  path=$(curl -sS -d "{\"viewer\": \"${viewers[i]}\", \"minutes\": 120, \"client_ip\": \"192.0.2.$((i + 1))\"}" "$control/tokens" | jq -er .path) ||
    give_up "no token for ${viewers[i]}"
  address[${viewers[i]}]="$edge$path"
done
echo "${#viewers[@]} tokens, each with its row in the audit log"
status() { curl -sS -o "$out/refused" -w '%{http_code}' "$1"; }
echo "without a token: $(status "$edge/watch/index.m3u8"), a variant's own path: $(status "$edge/a/000000.ts")"

step "Ten viewers download the film with their tokens"
for viewer in "${viewers[@]}"; do
  ffmpeg -v error -i "${address[$viewer]}index.m3u8" -c copy -f mpegts "$out/viewers/$viewer.ts" </dev/null 2>"$out/viewers/$viewer.log" &
  workers+=($!)
done
for worker in "${workers[@]}"; do wait "$worker" || give_up "a viewer gets no film: $(cat "$out"/viewers/*.log)"; done
workers=()
fetched=$(grep -c 'cache=MISS.*\.ts' "$out/edge/logs/edge.log") || true
hits=$(grep -c 'cache=HIT.*\.ts' "$out/edge/logs/edge.log") || true
echo "$((fetched + hits)) segments served; the origin was asked for $fetched of them, $hits came from the cache"
[ "$((fetched + hits))" -eq $((${#viewers[@]} * segments)) ] || give_up "not all segments were served"
[ "$fetched" -le $((variants * segments)) ] || give_up "segments are cached once a viewer"

step "$leaker gives 60 s away, cropped and coded again at CRF 30; ${mixers[0]} and ${mixers[1]} take turns with their segments, coded again"
again=(-an -c:v libx264 -preset veryfast -crf 30)
ffmpeg -v error -i "$out/viewers/$leaker.ts" -ss 2.4 -t 60 -vf "crop=iw*0.9:ih*0.9" "${again[@]}" "$out/leak.mp4" </dev/null || give_up "no leak"
for i in $(seq 0 $((segments - 1))); do
  curl -sSf "${address[${mixers[i % 2]}]}$(printf %06d "$i").ts" || give_up "segment $i of ${mixers[i % 2]} is not served"
done >"$out/mixture.ts"
ffmpeg -v error -i "$out/mixture.ts" "${again[@]}" "$out/mixture.mp4" </dev/null || give_up "no mixture"
du -h "$out/film.mp4" "$out/viewers/$leaker.ts" "$out/leak.mp4" "$out/mixture.mp4"

step "Tracing both"
for copy in leak mixture; do
  echo "steg-trace --key-file demo-output/steg.key --database sqlite:demo-output/audit.db --rate 4 --threads 1 demo-output/$copy.mp4"
  "$build/launcher/trace/steg-trace" --key-file "$out/steg.key" --database "$database" --rate 4 --threads 1 "$out/$copy.mp4" \
    >"$out/$copy.txt" 2>"$out/$copy.log" &
  workers+=($!)
done
# traced COPY PROCESS: prints the trace; who is named is in COPY.named.
traced() {
  wait "$2" || [ $? -eq 1 ] || give_up "steg-trace fails: $(tail -n 3 "$out/$1.log")"
  echo
  cat "$out/$1.txt"
  awk '$3 == "named" && $2 + 0 <= 1e-9 { print $1 }' "$out/$1.txt" | sort >"$out/$1.named"
}
traced leak "${workers[0]}"
[ "$(cat "$out/leak.named")" = "$leaker" ] || give_up "it should be $leaker, and nobody else, with p <= 1e-9"
traced mixture "${workers[1]}"
workers=()
if [ "$(xargs <"$out/mixture.named")" = "${mixers[*]}" ]; then
  echo "Both are named."
elif grep -qvxF "$(printf '%s\n' "${mixers[@]}")" "$out/mixture.named"; then
  give_up "somebody is named who gave nothing"
else
  grep -q 'one of two who mixed theirs' "$out/mixture.txt" || [ -s "$out/mixture.named" ] || give_up "it does not say how long a mixture must be"
fi

step "What the audit log has of $leaker's token"
sqlite3 -box "$out/audit.db" \
  "SELECT id, client_ip, minute, last_time AS until, model_fingerprint AS pattern FROM steg_audit_record WHERE id = '$leaker'"
[ "$(sqlite3 "$out/audit.db" "SELECT count(*) FROM steg_audit_record WHERE model_fingerprint LIKE 'pattern %'")" -eq ${#viewers[@]} ] ||
  give_up "the audit log has not a row for each token"
kill -TERM "$launcher"
wait "$launcher" || give_up "steg-launch did not end well: $(tail -n 3 "$out/launcher.log")"
launcher=''
"$build/launcher/audit/steg-audit" verify --key-file "$out/steg.key" --database "$database" >"$out/verify.txt" || give_up "the audit log is not intact"

step "Done in $((SECONDS - began)) s: $leaker was found in the leak, and the log says when and where they had their token"
