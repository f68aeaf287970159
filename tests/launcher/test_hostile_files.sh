#!/usr/bin/env bash
# Files that are no copies: lists of addresses, pictures that are too large, models that are none. steg-trace opens nothing but the file,
# and says what is wrong. Meson gives STEG_TRACE.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${STEG_TRACE:?}"

# Whoever is asked for anything writes it down.
port=$(free_port)
mkdir served
python3 -u -m http.server --bind 127.0.0.1 --directory served "$port" >asked.txt 2>&1 &
expect "a server that would be asked" wait_for 20 curl -sS -o /dev/null "http://127.0.0.1:$port/"
is_asked() { grep -qF "$1" asked.txt; }

# refuses FILE TEXT [OPTIONS...]: with a sentence that has TEXT, not by a crash.
refuses() {
  local file=$1 text=$2 got=0
  shift 2
  timeout 120 "$STEG_TRACE" --no-search "$@" "$file" >out.txt 2>err.txt || got=$?
  [ "$got" = 2 ] || fail "$got instead of 2 for $file: $(cat err.txt)"
  grep -qF -- "$text" err.txt || fail "'$text' is not in: $(cat err.txt)"
  echo "ok: $(tail -n 1 err.txt | cut -c1-200)"
}

at="http://127.0.0.1:$port"
printf '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n%s/segment.ts\n#EXT-X-ENDLIST\n' "$at" >list.m3u8
printf '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\n%s/variant.m3u8\n' "$at" >master.m3u8
printf '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXT-X-KEY:METHOD=AES-128,URI="%s/key"\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n' "$at" \
  >key.m3u8
cat >live.mpd <<XML
<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "$at/entity">]>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT10S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011">
<BaseURL>$at/</BaseURL><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1000" codecs="avc1.4d401f" width="640" height="360">
<BaseURL>video.mp4</BaseURL><SegmentBase indexRange="0-999"/></Representation></AdaptationSet></Period></MPD>
XML
cat >smooth.ism <<XML
<?xml version="1.0"?><SmoothStreamingMedia MajorVersion="2" MinorVersion="0" Duration="100000000"><StreamIndex Type="video" Url="$at/q({bitrate})">
<QualityLevel Index="0" Bitrate="1000" FourCC="H264" MaxWidth="640" MaxHeight="360" CodecPrivateData=""/><c d="100000000"/></StreamIndex></SmoothStreamingMedia>
XML
printf 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\na=control:rtsp://127.0.0.1:%s/x\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n' \
  "$port" >session.sdp
printf '<smil><body><video src="%s/smil.mp4"/></body></smil>' "$at" >film.smil
printf "ffconcat version 1.0\nfile '%s/part.mp4'\n" "$at" >film.ffconcat
printf '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e SYSTEM "%s/svgentity">]><svg xmlns="http://www.w3.org/2000/svg" width="640" height="360"><image href="%s/svg.png" width="640" height="360"/><text>&e;</text></svg>' \
  "$at" "$at" >picture.svg
printf '<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="30000"><rect width="9" height="9"/></svg>' >large.svg
python3 - "$at" <<'PY'
import struct, sys, zlib
def atom(kind, body): return struct.pack('>I4s', 8 + len(body), kind) + body
url = sys.argv[1].encode() + b'/reference.mov\0'
reference = atom(b'rdrf', struct.pack('>I4sI', 0, b'url ', len(url)) + url)
open('reference.mov', 'wb').write(atom(b'ftyp', b'qt  \0\0\0\0qt  ') + atom(b'moov', atom(b'rmra', atom(b'rmda', reference))))

def chunk(kind, body): return struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))
rows = zlib.compress(bytes(100000))
open('large.png', 'wb').write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 32000, 32000, 8, 6, 0, 0, 0)) +
                              chunk(b'IDAT', rows) + chunk(b'IEND', b''))
open('large.gif', 'wb').write(b'GIF89a' + struct.pack('<HHBBB', 65535, 65535, 0x80, 0, 0) + bytes(6) + b'\x2c' +
                              struct.pack('<HHHHB', 0, 0, 65535, 65535, 0) + b'\x02\x02\x4c\x01\x00\x3b')
PY
# A picture of a whole coder, whose size is written over.
python3 - <<'PY'
import subprocess
jpeg = subprocess.run(['ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=64x64', '-frames:v', '1', '-f', 'mjpeg', '-'],
                      stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=True).stdout
at = jpeg.index(b'\xff\xc0')
open('large.jpg', 'wb').write(jpeg[:at + 5] + b'\xff\xdc\xff\xdc' + jpeg[at + 9:])
PY

for file in list.m3u8 master.m3u8 key.m3u8 live.mpd smooth.ism session.sdp film.smil film.ffconcat picture.svg large.svg reference.mov; do
  refuses "$file" "$file"
done
for path in segment.ts variant.m3u8 key entity video.mp4 "q(" smil part.mp4 svg reference; do
  if is_asked "/$path"; then fail "the server was asked for $path: $(cat asked.txt)"; fi
done
echo "ok: nobody was asked for anything"

for file in large.png large.gif large.jpg; do refuses "$file" "is larger than 67108864 pixels"; done
"$STEG_TRACE" --version >/dev/null
ffmpeg -v error -f lavfi -i testsrc=s=640x360 -frames:v 1 small.png </dev/null
refuses small.png "640x360 pixels is larger than 200000 pixels" --max-pixels 200000
refuses small.png "--max-pixels must be" --max-pixels 0
got=0
"$STEG_TRACE" --no-search --json small.png >small.json 2>err.txt || got=$?
expect "a small picture is read, in a sandbox: $(jq -r .sandbox small.json)" test "$got" -eq 1
cp "$top/tests/media/marked-steg-4.mp4" served/copy.mp4
HOME=$PWD "$STEG_TRACE" --no-search "$at/copy.mp4" >out.txt 2>err.txt
expect "a copy is read from its address, and nothing is said but which key was taken" test "$(grep -vc 'no --key-file was given' err.txt)" -eq 0
expect "its ID is found" grep -q STEG-4 out.txt

# Models: the shipped one with another contract.
model() {
  python3 - "$GST_STEG_MODEL_PATH/extractor.pt" "$1" "$2" <<'PY'
import sys, zipfile
source, target, kind = sys.argv[1:]
contracts = {'deep': b'[' * 80000, 'nested': b'{"a":' * 1000, 'long': b' ' * 100000,
             'escapes': b'{"format": "\\u001b[2J\\u0007own", "version": 1}'}
with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, 'w') as new:
    for member in old.infolist():
        body = old.read(member)
        if member.filename.endswith('/contract.json') and kind in contracts: body = contracts[kind]
        new.writestr(member.filename, body)
    if kind == 'bomb': new.writestr('extractor/extra/bomb', bytes(300 << 20), zipfile.ZIP_DEFLATED)
PY
}
for kind in deep nested long; do
  model "$kind.pt" "$kind"
  refuses small.png "is longer or more deeply nested" --model "$kind.pt"
done
model escapes.pt escapes
refuses small.png 'gives the format "?[2J?own"' --model escapes.pt
model bomb.pt bomb
refuses small.png "holds more than 256 MiB" --model bomb.pt
model same.pt same
got=0
"$STEG_TRACE" --no-search --model same.pt small.png >out.txt 2>err.txt || got=$?
expect "a model that is not the shipped one is warned of" test "$got" -eq 1 -a "$(grep -c 'A model is a program' err.txt)" -eq 1
got=0
"$STEG_TRACE" --no-search small.png >out.txt 2>err.txt || got=$?
expect "the shipped one is not" test "$got" -eq 1 -a "$(grep -c 'A model is a program' err.txt)" -eq 0
head -c 300000000 /dev/zero >zeros.pt
refuses small.png "holds more than 256 MiB" --model zeros.pt

openssl rand -hex 32 >open.key
chmod 644 open.key
"$STEG_TRACE" --no-search --key-file open.key small.png >out.txt 2>err.txt || true
expect "a key that everybody can read is warned of" grep -q 'every user of this machine can read the key file' err.txt
