#!/usr/bin/env bash
# Builds the Debian packages of this working tree, for the release it runs on, and has lintian look at them.
#   debian/build.sh [FOLDER]   FOLDER: where the .debs go (default: debs)
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=${1:-debs}
./pipelines/install-packages.sh build package
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Packages of an older release are older, so that a newer Debian replaces them: 0.1.0~debian12 is before 0.1.0~debian13.
release=$(. /etc/os-release && echo "$ID${VERSION_ID:-}")
git ls-files -z | tar --null --create --files-from - | tar --extract --directory "$work" --one-top-level=gst-steg
cd "$work/gst-steg"
sed -i "1s/^\(gst-steg (\)\([^)]*\))/\1\2~$release)/" debian/changelog
DEB_BUILD_OPTIONS="parallel=$(nproc) ${DEB_BUILD_OPTIONS:-}" dpkg-buildpackage --build=binary --unsigned-changes
lintian --allow-root --fail-on error ../*.changes
cp ../*.deb ../*.changes ../*.buildinfo "$out"
echo "The packages are in $out:"
ls "$out"
