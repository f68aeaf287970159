#!/usr/bin/env bash
# Makes a web site of README.md and docs/ with MkDocs, and follows every link within it.
#   docs/build.sh [FOLDER]   FOLDER: where the site goes (default: site)
# Needs the Debian package mkdocs. The pages load nothing from other servers.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p "${1:-site}"
out=$(cd "${1:-site}" && pwd)
command -v mkdocs >/dev/null || { echo "mkdocs is missing: apt-get install mkdocs" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The same tree as here, so that links between pages need no change.
git ls-files -z --cached --others --exclude-standard -- README.md CHANGELOG.md LICENSE docs pipelines models/README.md 'models/*.svg' 'launcher/trace/library/steg-trace.h*' |
  tar --null --create --files-from - | tar --extract --directory "$work" --one-top-level=pages
mv "$work/pages/docs/mkdocs.yml" "$work/mkdocs.yml"
find "$work/pages" \( -name '*.sh' -o -name meson.build \) -delete
mkdocs build --quiet --strict --clean --config-file "$work/mkdocs.yml" --site-dir "$out"
/usr/bin/python3 docs/check_site.py "$out"
