// The same picture in several branches of a pipeline: looked at once.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/video/video.h>

#include <memory>

#include "plugins/common/gst_ptr.hpp"
#include "plugins/steg/marking/look_sharing.hpp"

namespace steg {

/// Whether nobody else has the buffer or its memory, so that it may be marked in place.
inline bool has_alone(GstBuffer* buffer) { return gst_buffer_is_all_memory_writable(buffer) != FALSE; }

/// The look at a buffer that waits to be marked; null where nobody else has it, or nobody else marks it. Afterwards the
/// caller may have it alone.
std::shared_ptr<PictureLook> shared_look(LookSharer& sharer, GstBuffer* buffer, const GstVideoInfo& info);

/// Buffers for marked copies of pictures that others have, too.
class CopyPool {
 public:
  /// Throws std::runtime_error.
  explicit CopyPool(const GstVideoInfo& info);
  ~CopyPool();
  CopyPool(const CopyPool&) = delete;
  CopyPool& operator=(const CopyPool&) = delete;

  /// A buffer with all that `input` has but its pixels. Throws std::runtime_error.
  gststeg::Ptr<GstBuffer> like(GstBuffer* input);

 private:
  gststeg::Ptr<GstBufferPool> pool_;
};

/// Time stamps, flags and metas of `input`, but not its video meta: that tells where planes lie in its own memory.
void copy_all_but_pixels(GstBuffer* output, GstBuffer* input);

}  // namespace steg
