#!/usr/bin/env bash
# What is wrong in a pipeline file or on the command line gets one error that says what to do; values are never syntax.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# refuses STATUS TEXT ARGUMENTS...: steg-launch ends at once with STATUS and says TEXT.
refuses() {
  local wanted=$1 text=$2 got=0
  shift 2
  timeout 20 "$STEG_LAUNCH" "$@" >/dev/null 2>refused.log </dev/null || got=$?
  [ "$got" -eq "$wanted" ] || fail "status $got instead of $wanted for: $*"
  grep -qF -- "$text" refused.log || fail "no '$text' in the error for: $*"
  [ "$(grep -c '^steg-launch: ' refused.log)" -eq 1 ] || fail "more than one message for: $*"
  echo "ok: $(head -n 1 refused.log)"
}

# file NAME LINES...: writes a pipeline file.
file() {
  local name=$1
  shift
  printf '%s\n' "$@" >"$name"
}

good='description=videotestsrc num-buffers=5 ! fakesink'
refuses 2 "name a pipeline file"
refuses 2 "missing.pipeline" missing.pipeline
refuses 2 "Unknown option" --frobnicate
file a.pipeline '[pipeline]' "$good"
refuses 2 "one pipeline file only" a.pipeline a.pipeline
refuses 2 "NAME=VALUE" a.pipeline --set nonsense
refuses 2 "no such variable" a.pipeline --set idd=1
refuses 2 "loopback" a.pipeline --listen 0.0.0.0:5000
refuses 2 "token file" a.pipeline --listen 0.0.0.0:5000 --token-file missing
refuses 2 "add --listen" a.pipeline --no-autostart

file b.pipeline 'description=x'
refuses 2 "b.pipeline" b.pipeline
file b.pipeline '[pipeline]' "$good" '[contrl]' 'id=a.b'
refuses 2 "b.pipeline: [contrl]: there is no such group" b.pipeline
file b.pipeline '[pipeline]' "$good" 'optinal=x'
refuses 2 "[pipeline] optinal: there is no such key" b.pipeline
file b.pipeline '[pipeline]' 'description=videotestsrc ! fakesink name=${sink}'
refuses 2 "'\${sink}'" b.pipeline
file b.pipeline '[pipeline]' 'description=videotestsrc ! nosuchelement'
refuses 2 "nosuchelement" b.pipeline
file b.pipeline '[pipeline]' 'description=videotestsrc patern=ball ! fakesink'
refuses 2 "patern" b.pipeline
file b.pipeline '[pipeline]' 'description=videotestsrc pattern=nonsense ! fakesink'
refuses 2 "nonsense" b.pipeline
file b.pipeline '[pipeline]' 'description=videotestsrc ! ! fakesink'
refuses 2 "[pipeline] description" b.pipeline
file b.pipeline '[pipeline]' "$good" '[control]' 'listen=127.0.0.1:0' 'id=mark.id'
refuses 2 "no element named 'mark'" b.pipeline
file b.pipeline '[pipeline]' 'description=videotestsrc name=v ! fakesink' '[control]' 'listen=127.0.0.1:0' 'id=v.idd'
refuses 2 "no property 'idd'" b.pipeline
file b.pipeline '[pipeline]' "$good" '[rate]' 'encoder=enc'
refuses 2 "no element named 'enc'" b.pipeline
file b.pipeline '[pipeline]' "$good" 'optional=sound'
refuses 2 "no element named 'sound'" b.pipeline
printf '[pipeline]\ndescription=videotestsrc ! fakesink name=\xff\n' >b.pipeline
refuses 2 "UTF-8" b.pipeline

# What only shows when it runs: no endless retries.
file c.pipeline '[pipeline]' 'description=filesrc location=no-such-file ! fakesink' '[restart]' 'on-error=restart'
refuses 1 "no-such-file" c.pipeline

# Values with blanks, quotes and operators reach the property as they are.
file d.pipeline '[pipeline]' 'description=videotestsrc num-buffers=1 ! filesink location=${out}' '[variables]' 'out='
for name in 'a b' 'x ! fakesink' "it's" 'say "hi"' '"quoted"' 'back\slash' 'a=b,c;d' '日本' '${out}' '(caps)'; do
  timeout 20 "$STEG_LAUNCH" d.pipeline --set "out=$name" 2>launcher.log || fail "value '$name': $(cat launcher.log)"
  expect "the value $name arrives" test -s "$name"
  rm -f "$name"
done

# A port that is taken.
file e.pipeline '[pipeline]' 'description=videotestsrc is-live=true ! fakesink' '[control]' 'listen=127.0.0.1:0'
launch e.pipeline
launched_url
refuses 2 "choose another with --listen" e.pipeline --listen "${url#http://}"

# Without running: --check and --print.
file f.pipeline '[pipeline]' 'description=videotestsrc pattern=${pattern} ! fakesink' '[variables]' 'pattern=ball' \
  '[stream a]' 'pattern=snow' '[stream b]'
expect "--check accepts what is right" grep -q '^f.pipeline: 2 stream(s)' <("$STEG_LAUNCH" --check f.pipeline)
refuses 2 "nonsense" --check f.pipeline --set pattern=nonsense
expect "--print gives the descriptions with their values" cmp <("$STEG_LAUNCH" --print f.pipeline --set b.pattern=smpte) - <<'END'
# a
videotestsrc pattern=snow ! fakesink
# b
videotestsrc pattern=smpte ! fakesink
END
for shipped in "$top"/pipelines/*.pipeline; do
  # The elements of gst-steg need not be built here: that is test_marked's.
  # Segments name themselves, so ab-file.pipeline has no ID.
  id=(--set id=X)
  case "$shipped" in
    */ab.pipeline | */ab-edge.pipeline) id=(--set media=film --set key-file=steg.key) ;;
    */ab-*) id=() ;;
  esac
  expect "--print reads $(basename "$shipped")" "$STEG_LAUNCH" --print "$shipped" "${id[@]}"
done

# Encoders by name. What is only printed need not be here; what is to run must.
mapfile -t with_encoders < <(grep -lF '${encoder}' "$top"/pipelines/*.pipeline)
expect "files with named encoders" test "${#with_encoders[@]}" -gt 5
for shipped in "${with_encoders[@]}"; do
  mapfile -t encoders < <(sed -n 's/^\[encoder \(.*\)\]$/\1/p' "$top/pipelines/rtmp.pipeline" "$shipped" | sort -u)
  for encoder in "${encoders[@]}"; do
    # Files of their own, without rtmp.pipeline beneath, have the encoders that they name.
    grep -q '^base=' "$shipped" || grep -qF "[encoder $encoder]" "$shipped" || continue
    "$STEG_LAUNCH" --print "$shipped" --set id=X --set "encoder=$encoder" >printed || fail "$(basename "$shipped") with $encoder"
    expect "$(basename "$shipped") with $encoder" grep -qE "auditlog name=audit[^!]*! +(videoconvert ! )?$encoder name=enc[- ]" printed
    if grep -qF '${' printed; then fail "a variable is left in $(basename "$shipped") with $encoder"; fi
  done
done
file e.pipeline '[pipeline]' 'description=videotestsrc num-buffers=5 ! ${encoder} ! fakesink' '[variables]' 'encoder=nosuchcard' \
  '[encoder nosuchcard]' 'part=nosuchcard' 'needs=the package no-such-card' '[encoder identity]' 'part=identity name=enc'
refuses 2 "[variables] encoder: there is no element nosuchcard here: it needs the package no-such-card. Here are: identity" e.pipeline
refuses 2 "there is no group [encoder other]" e.pipeline --set encoder=other
expect "the first encoder that is here" "$STEG_LAUNCH" --check e.pipeline --set 'encoder=nosuchcard;identity'

# The shell completes options and the variables of the file.
# shellcheck source=../../launcher/service/steg-launch.bash.in
source "$top/launcher/service/steg-launch.bash.in"
completes() {  # WORDS...: what is offered for the last one
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  compopt() { :; }
  _steg_launch
  echo "${COMPREPLY[*]}"
}
expect "completion of options" test "$(completes steg-launch --ch)" = --check
expect "completion of variables" test "$(completes steg-launch f.pipeline --set pa)" = pattern=
expect "completion of files" test "$(completes steg-launch f.pip)" = f.pipeline
