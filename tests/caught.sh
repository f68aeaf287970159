# For tests of checks: each mistake, made in a copy of the files that a check looks at, must be caught.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# looks_at CHECK FILE...: `check` is the command that is tested, which takes a folder; it must pass for the tree as it is.
looks_at() {
  check=$1
  files=("${@:2}")
  "$check"
}

# caught TEXT SED_EXPRESSION FILE: with that change to a copy of the files the check fails and prints TEXT.
caught() {
  rm -rf "$work/tree"
  mkdir "$work/tree"
  git ls-files -z "${files[@]}" | tar --null -T - -c | tar -x -C "$work/tree"
  sed -i "$2" "$work/tree/$3"
  if "$check" "$work/tree" >"$work/out" 2>&1; then
    echo "not refused: $2 in $3"
    exit 1
  fi
  grep -qF -- "$1" "$work/out" || { echo "expected: $1"; cat "$work/out"; exit 1; }
}
