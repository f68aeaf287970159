#!/usr/bin/env bash
# Builds gst-steg and runs its tests. From a clean clone on Debian 12 or 13, nothing else is needed.
#   tests/run.sh                 everything
#   tests/run.sh SUITE...        some of: unit elements launcher examples web sanitizers leaks scripts
#   tests/run.sh --soak [SUITE]  with the long forms of some tests, which take half an hour more
# The last line says how many tests passed and failed; the exit status is 0 only if none failed.
# BUILD and BUILD_SANITIZE name the build folders (default: build and build-sanitize).
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# OpenMP's threads sleep while they wait: spinning, they take a tenth of the CPU from the other tests.
export OMP_WAIT_POLICY=passive
build=${BUILD:-build}
build_sanitize=${BUILD_SANITIZE:-build-sanitize}
all_suites=(unit elements launcher examples web sanitizers leaks scripts)
if [ "${1:-}" = --soak ]; then
  export STEG_SOAK=1
  shift
fi
suites=("$@")
[ ${#suites[@]} -gt 0 ] || suites=("${all_suites[@]}")
passed=0
failed=0
skipped=0

for suite in "${suites[@]}"; do
  case " ${all_suites[*]} " in
    *" $suite "*) ;;
    *) echo "There is no suite '$suite'; there are: ${all_suites[*]}" >&2; exit 2 ;;
  esac
done

wanted() { case " ${suites[*]} " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

# So that the log says what takes the time.
begins() { echo "== $1, $SECONDS s after the start"; }

# Adds up what `meson test` wrote: count_tests LOG.json
count_tests() {
  local counts
  counts=$(jq -rs 'map(.result) | [
      (map(select(. == "OK" or . == "EXPECTEDFAIL")) | length),
      (map(select(. == "SKIP")) | length),
      (map(select(. != "OK" and . != "EXPECTEDFAIL" and . != "SKIP")) | length)] | @tsv' "$1")
  local ok skip bad
  read -r ok skip bad <<<"$counts"
  passed=$((passed + ok))
  skipped=$((skipped + skip))
  failed=$((failed + bad))
}

# meson_test FOLDER LOGBASE ARGUMENTS...
meson_test() {
  local folder=$1 log="$1/meson-logs/$2.json"
  shift 2
  rm -f "$log"
  # One more than there are CPUs: tests of servers wait more than they compute.
  meson test -C "$folder" --no-rebuild --print-errorlogs --num-processes "$(($(nproc) + 1))" ${STEG_SOAK:+--timeout-multiplier 10} "$@" || true
  if [ -f "$log" ]; then
    count_tests "$log"
  else
    echo "meson test wrote no results in $folder" >&2
    failed=$((failed + 1))
  fi
}

# One check of our own: check NAME COMMAND...
check() {
  local name=$1
  shift
  if "$@"; then
    echo "ok: $name"
    passed=$((passed + 1))
  else
    echo "FAILED: $name"
    failed=$((failed + 1))
  fi
}

scripts() { git ls-files -z '*.sh' .ci/run debian/steg-tools.prerm; }
formatted() { git ls-files -z '*.cpp' '*.hpp' '*.h' | xargs -0 clang-format --dry-run -Werror; }
# Longer: the shells of elements, each with its properties, pads and virtual methods; schema.cpp with all statements of the audit log's table;
# postgres_connection.cpp, which alone speaks to libpq.
no_long_files() {
  local long
  long=$(git ls-files plugins launcher | grep -E '\.(cpp|hpp|h)$' | grep -vE '/gst[a-z]+\.cpp$|/schema\.cpp$|/postgres_connection\.cpp$' |
    xargs wc -l | awk '$2 != "total" && $1 > 400')
  [ -z "$long" ] || { echo "over 400 lines: $long"; return 1; }
}
no_blanks_at_line_ends() { ! git grep -nI '[[:blank:]]$' -- . ':!*.md' ':!LICENSE' ':!*.svg'; }

build_site() {
  local site built=0
  site=$(mktemp -d)
  docs/build.sh "$site" || built=$?
  rm -rf "$site"
  return "$built"
}

# Several sources as one take less than half of the CPU time: most of it goes into the standard library's templates, once a source.
# Without debug information, which is a quarter of the work of compiling.
fast=(-Dunity=on -Dunity_size=8 -Ddebug=false)
set_up() { [ -f "$build/build.ninja" ] || meson setup "$build" "${fast[@]}" -Dbenchmarks_optimized=false; }

# -g1 has the lines that reports of errors name.
build_sanitized() {
  [ -f "$build_sanitize/build.ninja" ] ||
    meson setup "$build_sanitize" -Db_sanitize=address,undefined -Db_lundef=false -Dtorch=disabled -Dweb=disabled -Dbenchmarks=false \
      "${fast[@]}" -Doptimization=1 -Dcpp_args=-g1
  meson compile -C "$build_sanitize"
}

begins "Packages"
./pipelines/install-packages.sh

if wanted unit || wanted elements || wanted launcher || wanted examples || wanted web || wanted leaks; then
  begins "Compiling"
  set_up
  meson compile -C "$build"
  # The second build goes on while the first one's tests run, which wait more than they compute.
  if wanted sanitizers; then
    sanitize_log=$(mktemp)
    (
      renice -n 19 "$BASHPID" >/dev/null
      build_sanitized
    ) >"$sanitize_log" 2>&1 &
    sanitize_build=$!
  fi
  suite_arguments=()
  for suite in unit elements launcher examples; do
    if wanted "$suite"; then suite_arguments+=(--suite "$suite"); fi
  done
  begins "Tests"
  if [ ${#suite_arguments[@]} -gt 0 ]; then meson_test "$build" testlog "${suite_arguments[@]}"; fi
  # By itself: the browser needs the CPU. A build without the page (npm could not fetch its packages) has no such tests and fails here.
  if wanted web; then
    begins "The page"
    meson_test "$build" testlog-web --suite web --logbase testlog-web
  fi
  # GStreamer's own leak tracer over the element tests: a warning at gst_deinit() about what is still alive is fatal there.
  if wanted leaks; then
    begins "Leaks"
    meson_test "$build" testlog-leaks --setup leaks --suite elements
  fi
fi

if wanted sanitizers; then
  begins "Sanitizers"
  if [ -n "${sanitize_build:-}" ]; then
    built=0
    wait "$sanitize_build" || built=$?
    tail -n 40 "$sanitize_log"
    rm -f "$sanitize_log"
    [ "$built" -eq 0 ] || exit "$built"
  else
    build_sanitized
  fi
  meson_test "$build_sanitize" testlog --suite unit --suite elements --timeout-multiplier 4
fi

if wanted scripts; then
  begins "Scripts"
  while IFS= read -r -d '' script; do
    check "shellcheck $script" shellcheck "$script"
  done < <(scripts)
  check "no blanks at the ends of lines" no_blanks_at_line_ends
  if [[ $(clang-format --version) = *"version 14."* ]]; then
    check "clang-format" formatted
  else
    echo "skipped: clang-format, since every version formats otherwise and this is not Debian 12's, which has 14"
    skipped=$((skipped + 1))
  fi
  check "no file over 400 lines" no_long_files
  check "clang-tidy over plugins and launcher" tests/check_tidy.sh
  check "the site builds without a warning, and each of its links leads somewhere" build_site
  check "docs/architecture.md agrees with the code, and its check catches mistakes" tests/test_check_architecture.sh
  check "the Debian packages agree with packages.txt and meson.build, and their check catches mistakes" tests/test_check_packages.sh
fi

begins "The end"
[ "$skipped" -eq 0 ] || echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
