#!/usr/bin/env bash
# Tries this commit in a clean Debian: makes a chroot with debootstrap, clones into it and runs the README's two commands there,
# so that what the list of packages lacks is missed here and not at a user's.
#   tests/in-debian.sh 12|13 [COMMAND...]   COMMAND: instead of the two, run by bash in the clone
# Needs root and debootstrap. Takes the mirror from this machine's own apt, shares its network, and removes the chroot in the
# end; with KEEP=DIR it is made in DIR, stays, and is used again.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
case "${1:-}" in
  12) suite=bookworm ;;
  13) suite=trixie ;;
  *) sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
shift
[ "$(id -u)" -eq 0 ] || { echo "Run as root: debootstrap and chroot need it." >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "debootstrap is missing: apt-get install debootstrap" >&2; exit 1; }
commands=("./tests/run.sh" "./pipelines/demo.sh")
[ $# -eq 0 ] || commands=("$*")

# The archive that this machine installs from; a security or backports archive is another one.
mirror=$(apt-get indextargets --format '$(REPO_URI)' | sort -u | grep -v -e security -e backports | head -n 1)
[ -n "$mirror" ] || { echo "This machine's apt has no archive: see /etc/apt/sources.list" >&2; exit 1; }

chroot=${KEEP:-$(mktemp -d -p "${TMPDIR:-/var/tmp}" gst-steg-debian.XXXXXXXXXX)}
leave() {
  local folder
  for folder in dev/shm dev/pts dev sys proc; do
    if mountpoint -q "$chroot/$folder"; then umount --lazy "$chroot/$folder"; fi
  done
  [ -n "${KEEP:-}" ] || rm -rf --one-file-system "$chroot"
}
trap leave EXIT

if [ ! -x "$chroot/usr/bin/apt-get" ]; then
  echo "Making a Debian $suite in $chroot from $mirror"
  mkdir -p "$chroot"
  debootstrap --variant=minbase --include=ca-certificates,git "$suite" "$chroot" "$mirror" >"$chroot.log" ||
    { tail -n 20 "$chroot.log" >&2; exit 1; }
  rm -f "$chroot.log"
fi
# How this machine reaches the archive (proxies, time-outs); its own sources stay outside.
grep -rhi -e 'Acquire::.*proxy' -e 'Acquire::Retries' /etc/apt/apt.conf /etc/apt/apt.conf.d 2>/dev/null >"$chroot/etc/apt/apt.conf.d/99host" || true
cp -L /etc/resolv.conf /etc/hosts "$chroot/etc/"
# mktemp makes it for root alone, and servers in it run as other users.
chmod 755 "$chroot"
# A chroot that a power cut spoils is made again.
echo force-unsafe-io >"$chroot/etc/dpkg/dpkg.cfg.d/unsafe-io"
mount -t proc proc "$chroot/proc"
mount -t sysfs -o ro sys "$chroot/sys"
mount --bind /dev "$chroot/dev"
mount --bind /dev/pts "$chroot/dev/pts"
mount -t tmpfs shm "$chroot/dev/shm"
# The certificates of a proxy that stands between this machine and npm's registry.
authorities=(/usr/local/share/ca-certificates/*.crt)
if [ -e "${authorities[0]}" ]; then
  cp "${authorities[@]}" "$chroot/usr/local/share/ca-certificates/"
  chroot "$chroot" update-ca-certificates >/dev/null 2>&1
fi

rm -rf "$chroot/src"
git clone -q --no-local "$root" "$chroot/src"
for command in "${commands[@]}"; do
  echo "== Debian $suite: $command"
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 CI="${CI:-}" \
    http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \
    chroot "$chroot" bash -c "cd /src && $command"
done
