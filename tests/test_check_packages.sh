#!/usr/bin/env bash
# check_packages.sh passes for the tree as it is, and catches each kind of mistake.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=caught.sh
source "$(dirname "${BASH_SOURCE[0]}")/caught.sh"

looks_at tests/check_packages.sh debian pipelines/packages.txt meson.build CHANGELOG.md
caught '> libtorch-dev' '/^libtorch-dev$/d' pipelines/packages.txt
caught '< libpq-dev' '/^ libpq-dev,$/d' debian/control
caught 'debian/control names gstreamer1.0-libav' '/^gstreamer1.0-libav$/d' pipelines/packages.txt
caught 'debian/changelog does not begin' "s/^  version: '[^']*'/  version: '99.0'/" meson.build
caught 'CHANGELOG.md does not begin' '0,/^## /s/^## .*/## 99.0/' CHANGELOG.md
