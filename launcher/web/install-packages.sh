#!/bin/sh
# Puts the npm packages of package-lock.json into WORK/node_modules, if they are not there: install-packages.sh NPM SOURCE WORK
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu
npm=$1 source=$2 work=$3
mkdir -p "$work"
cmp -s "$source/package-lock.json" "$work/installed.lock" && exit 0
rm -f "$work/installed.lock"
cp "$source/package.json" "$source/package-lock.json" "$source/.npmrc" "$work"
cd "$work"
"$npm" ci --no-progress --loglevel=error --fetch-retries=1 >npm.log 2>&1 || { tail -n 20 npm.log >&2; exit 1; }
cp package-lock.json installed.lock
