#!/bin/sh
# Builds the page in WORK, which has node_modules, and puts its files into OUT: build.sh NODE SOURCE WORK OUT
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu
node=$1 source=$2 work=$3 out=$4
rm -rf "$work/src" "$work/public" "$work/tests" "$work/dist"
cp -R "$source/src" "$source/public" "$source/tests" "$work"
cp "$source/index.html" "$source/package.json" "$source/tsconfig.json" "$source/vite.config.ts" "$work"
cp "$source/.prettierrc.json" "$source/.prettierignore" "$work"
cd "$work"
"$node" node_modules/vite/bin/vite.js build --logLevel warn
cp dist/* "$out"
