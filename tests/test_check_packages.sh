#!/usr/bin/env bash
# check_packages.sh passes for the tree as it is, and catches each kind of mistake.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# caught TEXT SED_EXPRESSION FILE: with that change to a copy of the tree the check fails and prints TEXT.
caught() {
  rm -rf "$work/tree"
  mkdir "$work/tree"
  git ls-files -z debian pipelines/packages.txt meson.build CHANGELOG.md | tar --null -T - -c | tar -x -C "$work/tree"
  sed -i "$2" "$work/tree/$3"
  if tests/check_packages.sh "$work/tree" 2>"$work/out"; then
    echo "not refused: $2 in $3"
    exit 1
  fi
  grep -qF -- "$1" "$work/out" || { echo "expected: $1"; cat "$work/out"; exit 1; }
}

tests/check_packages.sh
caught '> libtorch-dev' '/^libtorch-dev$/d' pipelines/packages.txt
caught '< libpq-dev' '/^ libpq-dev,$/d' debian/control
caught 'debian/control names gstreamer1.0-libav' '/^gstreamer1.0-libav$/d' pipelines/packages.txt
caught 'debian/changelog does not begin' "s/^  version: '[^']*'/  version: '99.0'/" meson.build
caught 'CHANGELOG.md does not begin' '0,/^## /s/^## .*/## 99.0/' CHANGELOG.md
