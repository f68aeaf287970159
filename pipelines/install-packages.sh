#!/usr/bin/env bash
# Installs the Debian packages of packages.txt that are missing. Does nothing, and needs no root, when all are there.
#   install-packages.sh [GROUP...]   some of: build run test package (default: all but package)
set -euo pipefail
list="$(dirname "${BASH_SOURCE[0]}")/packages.txt"
[ $# -gt 0 ] || set -- build run test
wanted=()
for group in "$@"; do
  mapfile -t of_group < <(awk -v group="$group" '/^# to / { here = $3 == group; next } here { sub(/#.*/, ""); if (NF) print $1 }' "$list")
  [ ${#of_group[@]} -gt 0 ] || { echo "$list has no group '$group'" >&2; exit 2; }
  wanted+=("${of_group[@]}")
done
missing=()
for package in "${wanted[@]}"; do
  # Node.js from elsewhere brings an npm of its own, which Debian's package would be in the way of.
  case "$package" in
    nodejs) ! command -v node >/dev/null || continue ;;
    npm) ! command -v npm >/dev/null || continue ;;
  esac
  state=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [ "$state" = "install ok installed" ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Run as root, or install sudo: apt-get install ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
