// Marks the frames that pass stegencode, on its streaming thread.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/base/gstbasetransform.h>

#include "encode_state.hpp"

namespace steg {

/// Marks `input` into `output`, which may be the same buffer, and tells who needs to know. An element error, and
/// GST_FLOW_ERROR, if its memory cannot be mapped.
GstFlowReturn mark_buffer(GstBaseTransform* transform, EncodeState& state, GstBuffer* input, GstBuffer* output);

/// The output for the waiting input if it repeats the last one; else nothing, and the input still waits.
GstBuffer* repeat_last(GstBaseTransform* transform, EncodeState& state);

/// Behind a tee others have the waiting input, too. What depends on the picture alone is computed once for all of them,
/// and who does not have it alone in the end gets `output`, a copy that is marked as it is written.
GstFlowReturn mark_shared(GstBaseTransform* transform, EncodeState& state, GstBuffer** output);

}  // namespace steg
