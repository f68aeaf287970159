// SPDX-License-Identifier: LGPL-2.1-or-later
#include "flv_tap.hpp"

#include <atomic>

#include "launcher/base/config_error.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

std::atomic<std::uint64_t> sessions{0};

bool makes_flv(GstPad* pad) {
  const Ptr<GstCaps> caps(gst_pad_query_caps(pad, nullptr));
  const Ptr<GstCaps> flv(gst_caps_new_empty_simple("video/x-flv"));
  return gst_caps_can_intersect(caps.get(), flv.get());
}

}  // namespace

FlvTap::FlvTap(GstBin* bin, const std::string& element, std::shared_ptr<FlvHub> hub)
    : hub_(std::move(hub)), session_(++sessions) {
  const Ptr<GstElement> muxer(gst_bin_get_by_name(bin, element.c_str()));
  if (!muxer) throw ConfigError("[playback] flv: the description has no element named '" + element + "'");
  pad_.reset(gst_element_get_static_pad(muxer.get(), "src"));
  if (!pad_ || !makes_flv(pad_.get())) {
    throw ConfigError("[playback] flv: '" + element + "' does not make FLV: name the flvmux");
  }
  const auto data = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST);
  probe_ = gst_pad_add_probe(pad_.get(), data, on_data, this, nullptr);
}

FlvTap::~FlvTap() {
  if (probe_ != 0) gst_pad_remove_probe(pad_.get(), probe_);
}

GstPadProbeReturn FlvTap::on_data(GstPad*, GstPadProbeInfo* info, gpointer self) {
  auto* tap = static_cast<FlvTap*>(self);
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) {
    GstBufferList* list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
    for (guint i = 0; i < gst_buffer_list_length(list); ++i)
      tap->hub_->push(tap->session_, gst_buffer_list_get(list, i));
  } else {
    tap->hub_->push(tap->session_, GST_PAD_PROBE_INFO_BUFFER(info));
  }
  return GST_PAD_PROBE_OK;
}

}  // namespace launcher
