#!/usr/bin/env bash
# The edge of A/B segments, as steg-launch has it and as nginx has it with nginx-edge.conf: each viewer gets the variants of their own
# pattern, whoever has no good token gets nothing, and nginx asks the origin for each variant once, not once a viewer.
# Meson gives STEG_AUDIT.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=edge.sh
source "$(dirname "${BASH_SOURCE[0]}")/edge.sh"
segments=12
make_film $segments 0
launch_edge
nginx_port=$(free_port)
start_edge "$work/edge" "$nginx_port" "$control_port" film
nginx="http://127.0.0.1:$nginx_port"

token() { curl -sS -d "$1" "$url/tokens" | jq -r .token; }
# get ADDRESS...: status and body.
get() { curl -sS --path-as-is -o body -w '%{http_code}' "$@"; }
# refused STATUSES ADDRESS...: one of these statuses, and no segment.
refused() {
  local wanted=$1 got
  shift
  : >body
  got=$(get "$@")
  [[ " $wanted " == *" $got "* ]] || fail "$got instead of $wanted for ${*: -1}"
  if grep -q segment body && grep -q '^segment [ab]$' body; then fail "a segment was served for ${*: -1}"; fi
}
# variants BASE TOKEN: those of all segments, such as "abba".
variants() {
  local i all=''
  for i in $(seq 0 $((segments - 1))); do
    [ "$(get "$1/watch/$2/$(printf %06d "$i").ts")" = 200 ] || fail "segment $i is served"
    all+=$(cut -d' ' -f2 body)
  done
  echo "$all"
}

answers 200 '.ok and (.token | length > 100) and .viewer == "alice" and .client_ip == "192.0.2.7" and .path == "/watch/\(.token)/"' \
  -d '{"viewer": "alice", "minutes": 120, "client_ip": "192.0.2.7"}' "$url/tokens"
alice=$(jq -r .token reply.json)
alice_id=$(jq -r .id reply.json)
expect "the row was there before the answer" test "$(sqlite3 audit.db "SELECT count(*) FROM steg_audit_record WHERE id = 'alice' AND
  client_ip = '192.0.2.7' AND session = '$alice_id' AND model_fingerprint LIKE 'pattern 2 arcsine 0 %'")" = 1
bob=$(token '{"viewer": "bob", "minutes": 60, "format": "cwt"}')
for body in '{}' '[]' '{"viewer": "x"}' '{"viewer": "", "minutes": 1}' '{"viewer": "x", "minutes": 0}' '{"viewer": "x", "minutes": 10081}' \
  '{"viewer": "x", "minutes": 1, "direct": -1}' '{"viewer": "x", "minutes": 1, "direct": 32769}' '{"viewer": "x", "minutes": 1, "direct": "1"}' \
  '{"viewer": "x", "minutes": "1"}' '{"viewer": "x", "minutes": 1, "format": "jws"}' '{"viewer": "a\nb", "minutes": 1}'; do
  answers 400 "$refused" -d "$body" "$url/tokens"
done
answers 403 "$refused" -H 'Origin: http://example.com' -d '{"viewer": "x", "minutes": 1}' "$url/tokens"

expect "alice has a pattern" test "$(variants "$url" "$alice" | tr -d '\n' | wc -c)" -eq $segments
expect "nginx gives the same variants as steg-launch" test "$(variants "$nginx" "$alice") $(variants "$nginx" "$bob")" = \
  "$(variants "$url" "$alice") $(variants "$url" "$bob")"
expect "bob's pattern is another one" test "$(variants "$nginx" "$alice")" != "$(variants "$nginx" "$bob")"
answers 200 '[.tokens[] | .viewer] == ["bob", "alice"] or [.tokens[] | .viewer] == ["alice", "bob"]' "$url/tokens"
answers 200 '.tokens | all(.last_seen != null and .revoked == null and .until > .issued)' "$url/tokens"
expect "a list shows no token" test "$(grep -c "$alice" reply.json)" = 0

# Tokens that somebody made: jwt KEY HEADER CLAIMS
base64url() { base64 -w0 | tr '+/' '-_' | tr -d '='; }
jwt() {
  local text
  text="$(printf %s "$2" | base64url).$(printf %s "$3" | base64url)"
  echo "$text.$(printf %s "$text" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" -binary | base64url)"
}
claims=$(python3 -c 'import base64, sys; print(base64.urlsafe_b64decode(sys.argv[1].split(".")[1] + "===").decode())' "$alice")
key=$("$STEG_AUDIT" token-key --key-file steg.key)
head='{"alg":"HS256","typ":"JWT"}'
with() { jq -c "$1" <<<"$claims"; }
expect "the key that steg-audit prints makes tokens" test "$(get "$nginx/watch/$(jwt "$key" "$head" "$claims")/000001.ts")" = 200
now=$(date +%s)
for edge in "$url" "$nginx"; do
  # Clocks may differ by half a minute.
  for good in ".iat = $now - 600 | .exp = $now - 15" ".iat = $now + 15" ".nbf = $now + 15"; do
    expect "a clock that differs a little: $good" test "$(get "$edge/watch/$(jwt "$key" "$head" "$(with "$good")")/000001.ts")" = 200
  done
  for bad in ".iat = $now - 600 | .exp = $now - 60" ".iat = $now + 60" ".nbf = $now + 60"; do
    refused 403 "$edge/watch/$(jwt "$key" "$head" "$(with "$bad")")/000001.ts"
  done
done
for edge in "$url" "$nginx"; do
  refused '401 404' "$edge/watch/000001.ts"
  refused '401 404' "$edge/watch//000001.ts"
  for bad in "${alice:0:-3}AAA" "${alice:0:60}" "x" "$alice$alice" "${alice%.*}." \
    "$(printf '{"alg":"none"}' | base64url).$(printf %s "$claims" | base64url)." \
    "$(jwt "$key" '{"alg":"none"}' "$claims")" "$(jwt "$key" '{"alg":"RS256"}' "$claims")" \
    "$(jwt "$(openssl rand -hex 32)" "$head" "$claims")" \
    "$(jwt "$key" "$head" "$(with ".iat = $now - 7200 | .exp = $now - 3600")")" \
    "$(jwt "$key" "$head" "$(with ".iat = $now + 3600 | .exp = $now + 7200")")" \
    "$(jwt "$key" "$head" "$(with ".nbf = $now + 3600")")" \
    "$(jwt "$key" "$head" "$(with '.jti = "00000000-0000-4000-8000-000000000000"')")" \
    "$(jwt "$key" "$head" "$(with 'del(.jti)')")" "$(jwt "$key" "$head" "$(with '.wmver = 2')")"; do
    refused 403 "$edge/watch/$bad/000001.ts"
    refused 403 "$edge/watch/$bad/index.m3u8"
  done
  refused '403 414' "$edge/watch/$(head -c 8192 /dev/zero | tr '\0' A)/000001.ts"
  refused '403 414' "$edge/watch/$alice$(head -c 8192 /dev/zero | tr '\0' A)/000001.ts"
  for name in 000012.ts 999999.ts 9999999999.ts a/000001.ts b/000001.ts ../a/000001.ts ../../a/000001.ts ..%2fa%2f000001.ts \
    %2e%2e/a/000001.ts ..%252fa%252f000001.ts %61/000001.ts a%2f000001.ts 000001.ts/ 000001.ts%00 000001.ts.bak \
    000001 a/index.m3u8 audit.db ../audit.db ../steg.key ''; do
    refused '400 401 403 404' "$edge/watch/$alice/$name"
  done
  for path in /a/000001.ts /b/000001.ts /film/a/000001.ts /media/a/000001.ts /000001.ts /edge/a/000001.ts /watch/a/000001.ts \
    //a/000001.ts /watch/../a/000001.ts /watch/%2e%2e/media/a/000001.ts /run/origin.sock; do
    refused '400 401 403 404' "$edge$path"
  done
done
# GLib reads %2e as the dot that it stands for; nginx hands on what was sent.
refused 403 "$nginx/watch/$alice/000001%2ets"
refused 404 "$nginx/edge-check" -H "X-Original-URI: /watch/$alice/000001.ts"
echo "ok: bad tokens, names and paths are refused by both"

missing=$(variants "$url" "$alice" | cut -c6)
mv "film/$missing/000005.ts" kept
: >launcher.log
refused 503 "$url/watch/$alice/000005.ts"
refused 403 "$nginx/watch/$alice/000005.ts"
expect "a missing file is a line of the log each time" test "$(grep -c 'edge: 503 to 127.0.0.1 for 000005.ts: .*missing' launcher.log)" = 2
expect "the log has no token" test "$(grep -cF -e "${alice##*.}" launcher.log edge/logs/edge.log | grep -cv ':0$')" = 0
mv kept "film/$missing/000005.ts"

# Twenty viewers, each of whom takes all segments: the origin is asked for each file once.
expect "nginx is stopped" stop_nginx "$work/edge"
rm -r edge
start_edge "$work/edge" "$nginx_port" "$control_port" film
for i in $(seq 20); do variants "$nginx" "$(token "{\"viewer\": \"viewer$i\", \"minutes\": 5}")"; done >patterns
expect "most of twenty viewers have patterns of their own" test "$(sort -u patterns | wc -l)" -gt 15
misses=$(grep -c 'cache=MISS' edge/logs/edge.log)
hits=$(grep -c 'cache=HIT' edge/logs/edge.log)
expect "240 segments are $misses fetches and $hits cache hits" test "$((misses + hits)) $((misses <= 2 * segments))" = "240 1"
expect "the origin was asked as often" test "$(grep -c '\.ts ' edge/logs/origin.log)" = "$misses"
expect "the log names tokens by their UUID" grep -qE 'token=[0-9a-f]{8}-' edge/logs/edge.log

# The origin for edges that go by the standard, as nginx has it with nginx-origin.conf.
origin_port=$(free_port)
expect "a sidecar file is written for each segment" test "$("$STEG_AUDIT" pace-info --media film)" = "12 sidecar files in film/WMPaceInfo"
start_origin "$work/origin" "$origin_port" "$control_port" film
origin="http://127.0.0.1:$origin_port"
for variant in a b; do
  expect "the origin has variant $variant" test "$(get -D headers "$origin/$variant/000011.ts") $(head -1 body)" = "200 segment $variant"
  expect "with its position" grep -qix $'WMPaceInfoEgress: ogEBAoGhBgs\r' headers
done
expect "the sidecar file says the same" test "$(get -D headers "$origin/WMPaceInfo/000011.ts") $(od -An -tx1 body | tr -d " \n")" = "200 a201010281a1060b"
expect "it is CBOR" grep -qix $'Content-Type: application/cbor\r' headers
expect "the playlist is neutral" test "$(get "$origin/index.m3u8") $(cmp body film/a/index.m3u8)" = "200 "
refused 403 --interface 127.0.0.2 "$origin/a/000011.ts"
refused 403 --interface 127.0.0.2 "$origin/WMPaceInfo/000011.ts"
refused 404 "$origin/a/000012.ts"
refused '403 404' "$origin/pace-info"
refused 403 "$nginx/WMPaceInfo/000011.ts"
refused 403 "$nginx/watch/$alice/WMPaceInfo/000011.ts"
refused '403 404' "$url/watch/$alice/WMPaceInfo/000011.ts"
expect "a viewer is served" test "$(get -D headers "$nginx/watch/$alice/000011.ts")" = 200
expect "and is not told of positions" test "$(grep -ci wmpaceinfo headers)" = 0
expect "a push says it in JSON" test "$("$STEG_AUDIT" pace-info --push film/b/000011.ts --first-position 22)" = \
  'WMPaceInfoIngest: {"version":1,"variant":1,"position":33,"firstpart":true,"lastpart":true}'
rm -r film/WMPaceInfo
"$STEG_AUDIT" pace-info --media film --first-position 32760 2>messages && fail "positions above 32767"
expect "positions without room are an error, and nothing is written" test "$(grep -c first-position messages) $(ls -d film/WMPaceInfo 2>/dev/null)" = "1 "
for wrong in "" "--media nothing" "--media film --push a/000001.ts" "--push 000001.ts" "--push a/first.ts" "--media film --first-position -1"; do
  # shellcheck disable=SC2086
  "$STEG_AUDIT" pace-info $wrong 2>messages && fail "pace-info $wrong"
done
expect "the origin is stopped" stop_nginx "$work/origin"

# A token that somebody else shows is alice's still: its segments name her.
copied() { for i in $(seq 0 $((segments - 1))); do curl -sSf --interface 127.0.0.3 "$nginx/watch/$alice/$(printf %06d "$i").ts" | cut -d' ' -f2 | tr -d '\n'; done; }
expect "a copied token gets the pattern of the one that it was given to" test "$(copied)" = "$(variants "$url" "$alice")"

# steg-launch, then a worker of nginx, killed and started again while bob asks on: he gets his own variants or nothing.
pattern=$(variants "$url" "$bob" | tr -d '\n')
ask() {
  local i status
  while [ ! -e stop ]; do
    for i in $(seq 0 $((segments - 1))); do
      status=$(curl -sS -o answer -w '%{http_code}' "$nginx/watch/$bob/$(printf %06d "$i").ts" 2>/dev/null) || true
      if [ "$status" != 200 ] || [ "$(cat answer)" = "segment ${pattern:i:1}" ]; then echo "$status"; else echo "wrong: $status $(cat answer)"; fi
    done
  done
}
ask >asked &
asking=$!
served_more() { [ "$(grep -c 200 asked)" -gt "$1" ]; }
refused_some() { grep -q 500 asked; }
expect "bob is served" wait_for 30 served_more 5
stop_launcher KILL
expect "and gets nothing while steg-launch is away" wait_for 30 refused_some
launch edge.pipeline --no-autostart
launched_url
expect "and is served when it is back" wait_for 30 served_more "$(grep -c 200 asked)"
kill -KILL "$(nginx_worker edge | head -n 1)"
expect "and when nginx has another worker" wait_for 30 served_more "$(($(grep -c 200 asked) + 5))"
touch stop
wait "$asking"
expect "never another variant: $(sort asked | uniq -c | xargs)" test "$(grep -c wrong asked)" = 0

# Revoked: refused at once by both, and for ever.
answers 404 "$refused" -X DELETE "$url/tokens/00000000-0000-4000-8000-000000000000"
answers 200 '.ok and .revoked != null' -X DELETE "$url/tokens/$alice_id"
refused 403 "$url/watch/$alice/000001.ts"
refused 403 "$nginx/watch/$alice/000001.ts"
refused 403 --interface 127.0.0.3 "$nginx/watch/$alice/000001.ts"
stop_launcher KILL
refused 500 "$nginx/watch/$bob/000001.ts"
launch edge.pipeline --no-autostart
launched_url
refused 403 "$nginx/watch/$alice/000001.ts"
expect "who was not revoked is served again" test "$(get "$nginx/watch/$bob/000001.ts")" = 200
answers 200 '[.tokens[] | select(.revoked != null) | .viewer] == ["alice"]' "$url/tokens"

# Beside a running steg-launch, steg-audit makes tokens that it takes.
carol=$("$STEG_AUDIT" token --key-file steg.key --database sqlite:audit.db --viewer carol --minutes 60)
expect "so is one that steg-audit made" test "$(get "$nginx/watch/$carol/000001.ts")" = 200
stop_launcher TERM
"$STEG_AUDIT" verify --key-file steg.key --database sqlite:audit.db >verify.txt || fail "the log is intact: $(cat verify.txt)"
expect "the log is intact, with a row for each token and one for what was revoked" test \
  "$(sqlite3 audit.db "SELECT count(*) FROM steg_audit_event WHERE stream = 'tokens'")" = 24

# Direct: the token brings the pattern, and nobody but the edge can read it.
launch edge.pipeline --no-autostart
launched_url
direct=$(token '{"viewer": "bob", "minutes": 60, "direct": 10}')
direct_cwt=$(token '{"viewer": "bob", "minutes": 60, "format": "cwt", "direct": 12}')
expect "a direct token gets what an indirect one does" test "$(variants "$nginx" "$direct_cwt") $(variants "$url" "$direct_cwt")" = \
  "$(variants "$nginx" "$bob") $(variants "$nginx" "$bob")"
python3 - "$direct" "$("$STEG_AUDIT" token-key --direct --key-file steg.key)" "$(variants "$url" "$bob" | tr -d '\n')" <<'END' || fail "what steg-audit prints decrypts the pattern"
import base64, json, subprocess, sys
token, key, variants = sys.argv[1:]
def decoded(text): return base64.urlsafe_b64decode(text + "===")
claims = json.loads(decoded(token.split(".")[1]))
assert "wmid" not in claims and "bob" not in json.dumps(claims), claims
message = decoded(claims["wmpattern"])
assert message[:8].hex() == "8343a10101a1054c" and message[20] == 0x40 + 2 + 16 and len(message) == 21 + 2 + 16, message.hex()
# The first block of GCM's counter mode, by AES alone: computed apart from the edge's code.
block = message[8:20] + (2).to_bytes(4, "big")
stream = subprocess.run(["openssl", "enc", "-aes-128-ecb", "-nopad", "-K", key], input=block, capture_output=True, check=True).stdout
pattern = bytes(a ^ b for a, b in zip(message[21:23], stream))
bits = "".join("ab"[pattern[i // 8] >> (7 - i % 8) & 1] for i in range(10))
assert bits == variants[:10], (bits, variants)
END
: >launcher.log
for edge in "$url" "$nginx"; do
  expect "within the pattern it is served" test "$(get "$edge/watch/$direct/000009.ts")" = 200
  refused 403 "$edge/watch/$direct/000010.ts"
  refused 403 "$edge/watch/${direct:0:-3}AAA/000001.ts"
done
expect "the log says that the pattern has ended" test "$(grep -c 'edge: 403 to .* for 000010.ts: .*no bit for position 10' launcher.log)" = 2
frank=$("$STEG_AUDIT" token --key-file steg.key --database sqlite:audit.db --viewer frank --direct 12)
expect "steg-audit makes them, too" test "$(get "$nginx/watch/$frank/000011.ts")" = 200
stop_launcher TERM

# Signed with ES256: tokens of that key alone are taken.
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out token.pem
openssl pkey -in token.pem -pubout -out public.pem
openssl genpkey -algorithm ED25519 -out other.pem
expect "steg-audit prints the public key" test "$("$STEG_AUDIT" token-key --token-key-file token.pem)" = "$(cat public.pem)"
cp edge.pipeline hmac.pipeline
with_token_key() { sed "/^key-file/a token-key-file=$1" hmac.pipeline >edge.pipeline; }
for wrong in missing.pem steg.key other.pem; do
  with_token_key $wrong
  timeout 60 "$STEG_LAUNCH" edge.pipeline --no-autostart 2>messages && fail "steg-launch starts with $wrong"
  expect "$wrong is an error that says what to do" grep -q "token key file '$wrong'.*openssl genpkey" messages
  "$STEG_AUDIT" token --key-file steg.key --token-key-file $wrong --database sqlite:audit.db --viewer dave 2>messages && fail "a token with $wrong"
  expect "so it is to steg-audit" grep -q "token key file '$wrong'.*openssl genpkey" messages
done
with_token_key token.pem
chmod o+r token.pem
launch edge.pipeline --no-autostart
launched_url
expect "a key that everybody can read is a line of the log" grep -q 'every user of this machine can read token.pem' launcher.log
dave=$(token '{"viewer": "dave", "minutes": 60}')
expect "its algorithm is ES256" test "${dave%%.*}" = "$(printf '{"alg":"ES256","typ":"JWT"}' | base64url)"
erin=$(token '{"viewer": "erin", "minutes": 60, "format": "cwt"}')
expect "both serve the same" test "$(variants "$nginx" "$dave") $(variants "$nginx" "$erin")" = "$(variants "$url" "$dave") $(variants "$url" "$erin")"
claims=$(python3 -c 'import base64, sys; print(base64.urlsafe_b64decode(sys.argv[1].split(".")[1] + "===").decode())' "$dave")
public=$(od -An -tx1 -v public.pem | tr -d ' \n')
: >launcher.log
for edge in "$url" "$nginx"; do
  for bad in "$bob" "$carol" "${dave:0:-3}AAA" "${dave%.*}." "$(printf '{"alg":"none"}' | base64url).$(printf %s "$claims" | base64url)." \
    "$(jwt "$public" "$head" "$claims")" "$(jwt "$public" '{"alg":"ES256","typ":"JWT"}' "$claims")" "$(jwt "$key" "$head" "$claims")"; do
    refused 403 "$edge/watch/$bad/000001.ts"
  done
done
expect "each is a line of the log" test "$(grep -c 'edge: 403 to .* for 000001.ts: This token is not taken' launcher.log)" = 16
stop_launcher TERM
with_token_key public.pem
chmod o+r public.pem
: >launcher.log
launch edge.pipeline --no-autostart
launched_url
expect "everybody may read a public key" test "$(grep -c public.pem launcher.log)" = 0
expect "with the public key they are taken" test "$(get "$nginx/watch/$dave/000001.ts")" = 200
answers 501 "$refused" -d '{"viewer": "x", "minutes": 1}' "$url/tokens"
dave=$("$STEG_AUDIT" token --key-file steg.key --token-key-file token.pem --database sqlite:audit.db --viewer dave 2>messages)
expect "and steg-audit makes them with the private one" test "$(get "$nginx/watch/$dave/000001.ts")" = 200
expect "whose permissions it warns of" grep -q 'can read the key file token.pem' messages
stop_launcher TERM
expect "what could not be signed has no row" test "$(sqlite3 audit.db "SELECT count(*) FROM steg_audit_event WHERE stream = 'tokens'")" = 30
