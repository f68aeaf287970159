// What stegencode tells others of a marked frame: its meta, messages on the bus, and key frames that it asks for.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/base/gstbasetransform.h>

#include <string>

#include "encode_state.hpp"

namespace steg {

/// Attaches the meta `GstStegMarkMeta`. `name`: the ID, or the name of the segment.
void attach_mark_meta(GstBuffer* buffer, const EncodeRun& run, const std::string& name, int epoch, Action action);

/// Tells downstream and the application that from this buffer on there is another mark. `running_time` (ns): of the
/// buffer.
void announce(GstBaseTransform* transform, EncodeRun& run, GstBuffer* buffer, GstClockTime running_time,
              const std::string& id, int epoch);

}  // namespace steg
