#!/usr/bin/env bash
# docs/http.md: each line that begins with curl does what the page says, and there is one for every call of the OpenAPI document.
# Meson gives WITH_PAGE, empty where steg-launch was built without the page.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
openssl rand -hex 32 >token
openssl rand -hex 32 >steg.key
settings=(--listen 127.0.0.1:0 --set id=DOC1 --set key-file=steg.key --set database=sqlite:audit.db --set preset=ultrafast)

# A curl that notes method, address and status of each request, keeps the body, and ends where an answer has no end.
mkdir bin
cat >bin/curl <<'SCRIPT'
#!/usr/bin/env bash
# Some answers have no end.
[ "$1" = -N ] && seconds=4 || seconds=150
"$REAL_CURL" -sS --max-time "$seconds" --output body.txt --write-out '%{method} %{url_effective} %{http_code}\n' "$@" >>calls.txt
cat body.txt
SCRIPT
chmod +x bin/curl
REAL_CURL=$(command -v curl)
export REAL_CURL

all_are_200() { [ -s calls.txt ] && ! grep -qv ' 200$' calls.txt; }
# run_lines ADDRESS: all curl lines of the page that call ADDRESS, at $url instead; each answers 200.
run_lines() {
  local line calls
  while IFS= read -r line; do
    [ -n "$WITH_PAGE" ] || [[ $line != *:5000/ ]] || continue
    : >calls.txt
    PATH="$work/bin:$PATH" bash -c "${line//$1/$url}" >line.txt 2>line.log || [[ $line == "curl -N "* ]] || fail "$line: $(cat line.log)"
    calls=$(cat calls.txt)
    all_are_200 || fail "$line: $calls $(cat line.txt)"
    ! jq -e '.ok == false' body.txt >/dev/null 2>&1 || fail "$line: $(cat body.txt)"
    echo "ok: ${calls//$url/}"
    sed "s|$url||" calls.txt >>all-calls.txt
  done < <(sed -n 's/^    \(curl .*\)/\1/p' "$top/docs/http.md" | grep -F "$1")
}

start_servers
publish -c copy
launch "$top/pipelines/rtmp.pipeline" "${settings[@]}" --set "input=$input" --set "output=$output"
launched_url
expect "the stream runs" wait_for 60 state_is running
record 2 leak.mp4
ffmpeg -v error -i leak.mp4 -frames:v 1 leak.png </dev/null
run_lines http://127.0.0.1:5000
expect "a picture was drawn, a stream played" test "$(grep -c '</svg>' graph.svg) $(frames_in live.flv | grep -c '[1-9]')" = "1 1"
stop_launcher TERM

launch "$top/pipelines/rtmp.pipeline" "${settings[@]}" --token-file token --no-autostart
launched_url
run_lines http://192.0.2.1:5000
stop_launcher TERM

mkdir -p film/a film/b film/sound
for variant in a b sound; do
  printf '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n000000.ts\n#EXT-X-ENDLIST\n' >film/$variant/index.m3u8
  echo segment >film/$variant/000000.ts
done
launch "$top/pipelines/ab-edge.pipeline" --listen 127.0.0.1:0 --set media=film --set key-file=steg.key --no-autostart
launched_url
run_lines http://192.0.2.2:5000
stop_launcher TERM

# Every call of the OpenAPI document was made, and / besides.
jq -r '.paths | to_entries[] | .key as $path | .value | keys[] | "\(ascii_upcase) \($path)"' "$top/docs/openapi.json" |
  { cat; [ -z "$WITH_PAGE" ] || echo "GET /"; } | sort -u >documented.txt
sed 's/ 200$//; s/?.*//; s|/elements/mark/strength|/elements/{name}/{property}|; s|/tokens/.*|/tokens/{id}|; s|/watch/.*/sound/.*|/watch/{token}/sound/{name}|; s|/watch/[^{].*|/watch/{token}/{name}|' all-calls.txt | sort -u >made.txt
expect "there is a line for every call: $(comm -3 documented.txt made.txt | tr '\n' ' ')" cmp documented.txt made.txt
