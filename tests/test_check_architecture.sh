#!/usr/bin/env bash
# check_architecture.py passes for the tree as it is, and catches each kind of mistake.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=caught.sh
source "$(dirname "${BASH_SOURCE[0]}")/caught.sh"

looks_at tests/check_architecture.py plugins launcher docs/architecture.md
caught "'watermark' does not depend on LibTorch" '1i #include <torch/script.h>' plugins/steg/watermark/payload.hpp
caught "'framediff-plain' does not depend on GStreamer" '1i #include <gst/gst.h>' plugins/framediff/frame_rate.hpp
caught "the diagram lacks plugins/framediff -.-> plugins/common/crypto" '1i #include "plugins/common/crypto/key.hpp"' plugins/framediff/frame_rate.hpp
caught "the diagram lacks plugins/steg/watermark/sync --> plugins/steg/watermark" '/sync --> watermark/d' docs/architecture.md
caught "the diagram lacks plugins/steg/marking -.-> plugins/steg/model" 's/marking -.-> model/marking --> model/' docs/architecture.md
caught "and nothing includes that way" 's/.*sync --> watermark/&\n  sync --> model/' docs/architecture.md
caught "plugins/steg/watermark/sync: has no box" '/sync\["/d' docs/architecture.md
caught "| GStreamer |" '/^| `plugins\/framediff`/s/GStreamer/GLib/' docs/architecture.md
caught "in a circle: launcher/base, launcher/config" '1i #include "launcher/config/description.hpp"' launcher/base/log.hpp
caught "the diagram lacks launcher/process -.-> launcher/stream" '1i #include "launcher/stream/status.hpp"' launcher/process/exit_guard.hpp
caught "'launch-stream-rules' does not depend on GStreamer" '1i #include <gst/gst.h>' launcher/stream/status.hpp
caught 'include "guard.hpp", not "../http/guard.hpp"' '1i #include "../http/guard.hpp"' launcher/http/server.hpp
caught 'include "plugins/steg/watermark/grid.hpp", not "grid.hpp"' '1i #include "grid.hpp"' plugins/steg/watermark/sync/plan.hpp
caught 'include "plugins/common/guard.hpp", not "common/guard.hpp"' '1i #include "common/guard.hpp"' plugins/auditlog/gstauditlog.cpp
