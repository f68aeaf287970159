// SPDX-License-Identifier: LGPL-2.1-or-later
#include "encoder_kind.hpp"

#include "plugins/common/gst_ptr.hpp"

namespace launcher {

using gststeg::Ptr;

bool makes_h264(GstElement* encoder) {
  const Ptr<GstPad> source(gst_element_get_static_pad(encoder, "src"));
  const Ptr<GstCaps> kinds(source ? gst_pad_get_pad_template_caps(source.get()) : nullptr);
  const Ptr<GstCaps> h264(gst_caps_new_empty_simple("video/x-h264"));
  return kinds && gst_caps_can_intersect(kinds.get(), h264.get());
}

}  // namespace launcher
