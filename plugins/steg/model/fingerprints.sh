#!/bin/sh
# Writes the first 16 hexadecimal digits of the SHA-256 of each FILE as C++.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu
echo 'constexpr std::string_view kShippedFingerprints[] = {'
for file; do
  sha256sum "$file" | sed 's/^\(................\).*/  "\1",/'
done
echo '};'
