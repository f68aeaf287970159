// SPDX-License-Identifier: LGPL-2.1-or-later
#include "video_pass.hpp"

#include <exception>
#include <stdexcept>

#include "pipeline.hpp"

namespace robustness {
namespace {

struct Pass {
  const FrameVisitor& visit;
  std::vector<int> key_frames;
  int frames = 0;
  std::exception_ptr failure;

  void take(GstPad* pad, GstBuffer* buffer) {
    const gststeg::Ptr<GstCaps> caps(gst_pad_get_current_caps(pad));
    GstVideoInfo info;
    if (!caps || !gst_video_info_from_caps(&info, caps.get())) throw std::runtime_error("a frame has no video caps");
    gststeg::VideoFrame frame(info, buffer, GST_MAP_READWRITE);
    if (!frame) throw std::runtime_error("a frame cannot be mapped");
    visit(frame, frames++);
  }
};

GstPadProbeReturn on_data(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto& pass = *static_cast<Pass*>(data);
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) == 0) {
    if (gst_video_event_is_force_key_unit(GST_PAD_PROBE_INFO_EVENT(info))) pass.key_frames.push_back(pass.frames);
    return GST_PAD_PROBE_OK;
  }
  if (pass.failure) return GST_PAD_PROBE_DROP;
  GstBuffer* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  try {
    pass.take(pad, buffer);
  } catch (...) {
    pass.failure = std::current_exception();
    return GST_PAD_PROBE_DROP;
  }
  return GST_PAD_PROBE_OK;
}

}  // namespace

std::vector<int> pass_frames(const std::string& description, const FrameVisitor& visit) {
  Pass pass{visit, {}, 0, nullptr};
  {
    const Pipeline pipeline(description);
    const auto frames = pipeline.element("frames");
    if (!frames) throw std::runtime_error("the pipeline has no element called frames");
    const gststeg::Ptr<GstPad> pad(gst_element_get_static_pad(frames.get(), "src"));
    const auto what = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
    gst_pad_add_probe(pad.get(), what, on_data, &pass, nullptr);
    pipeline.play();
    pipeline.wait_for_end();
  }
  if (pass.failure) std::rethrow_exception(pass.failure);
  return pass.key_frames;
}

}  // namespace robustness
