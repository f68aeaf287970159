#!/usr/bin/env bash
# What the Debian packages repeat agrees with what it is taken from: packages.txt has the packages, meson.build the version.
#   tests/check_packages.sh [FOLDER]   FOLDER: the tree to look at (default: this one)
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/..}"
failed=0
complain() { echo "$*" >&2; failed=1; }

group() {  # NAME...: the packages of these groups of packages.txt
  awk -v wanted=" $* " '/^# to / { here = index(wanted, " " $3 " ") } !/^#/ && here && NF { print $1 }' pipelines/packages.txt | sort
}
field() {  # FIELD: the packages that debian/control names there, in all paragraphs
  awk -v field="$1:" '/^[^ #]/ { here = $1 == field; sub(/^[^:]*:/, "") } here' debian/control |
    tr ',' '\n' | sed 's/([^)]*)//; s/[[:space:]]//g' | grep -v -e '^$' -e '^\$' | sort -u
}

# g++ belongs to build-essential, which every package may expect; debhelper is of the group "package".
difference=$(diff <(group build | grep -vx 'g++') <(field Build-Depends | grep -v '^debhelper')) ||
  complain "pipelines/packages.txt, to build (<), and Build-Depends in debian/control (>) differ:
$difference"
grep -qx debhelper <<<"$(group package)" || complain "pipelines/packages.txt, to package, lacks debhelper"

known=$(group run build test; sed -n 's/^Package: //p' debian/control)
for package in $(field Depends) $(field Recommends) $(field Suggests); do
  grep -qx -- "$package" <<<"$known" || complain "debian/control names $package, pipelines/packages.txt does not"
done

version=$(sed -n "s/^  version: '\([^']*\)',\$/\1/p" meson.build)
[ -n "$version" ] || complain "meson.build has no version"
[ "$(sed -n '1s/^gst-steg (\([^)]*\)).*/\1/p' debian/changelog)" = "$version" ] || complain "debian/changelog does not begin with version $version"
[ "$(sed -n 's/^## //p' CHANGELOG.md | head -n 1)" = "$version" ] || complain "CHANGELOG.md does not begin with version $version"
[ "$failed" -eq 0 ]
