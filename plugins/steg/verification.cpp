// SPDX-License-Identifier: LGPL-2.1-or-later
#include "verification.hpp"

#include <algorithm>
#include <utility>

#include "plugins/steg/watermark/segment_mark.hpp"
#include "settings.hpp"

namespace steg {

void VerifyStats::count(const SelfCheckResult& result) {
  margin = result.margin;
  worst_margin = verified == 0 ? result.margin : std::min(worst_margin, result.margin);
  ++verified;
  if (!result.proven()) ++failed;
}

void VerifyStats::add_to(GstStructure* stats) const {
  gst_structure_set(stats, "verified", G_TYPE_UINT64, verified, "verify-failed", G_TYPE_UINT64, failed, "verify-margin",
                    G_TYPE_DOUBLE, margin, "verify-worst-margin", G_TYPE_DOUBLE, worst_margin, nullptr);
}

Verification::Verification(GstElement* element, const Key& key, std::shared_ptr<Extractor> extractor,
                           std::function<void(const SelfCheckResult&)> counted)
    : element_(element),
      counted_(std::move(counted)),
      check_(key, std::move(extractor), [this](const SelfCheckResult& result) { tell(result); }) {}

void Verification::offer(const PictureView& picture, const std::string& id, int epoch, GstClockTime time,
                         GstClockTime interval) {
  // A time before the last one is that of another segment: the interval begins anew.
  const bool waits = GST_CLOCK_TIME_IS_VALID(time) && GST_CLOCK_TIME_IS_VALID(last_time_) && time >= last_time_ &&
                     time - last_time_ < interval;
  if (waits) return;
  if (check_.offer(picture, {id, epoch, time})) last_time_ = time;
}

void Verification::tell(const SelfCheckResult& result) const {
  if (!result.error.empty()) {
    post_settings_warning(element_, "The output could not be read back: " + result.error);
    return;
  }
  counted_(result);
  const Reading& reading = result.reading;
  GstStructure* fields = gst_structure_new(
      "steg-verified", "id", G_TYPE_STRING, name_of_payload(reading.id).c_str(), "running-time", G_TYPE_UINT64,
      static_cast<guint64>(result.embedded.time), "epoch", G_TYPE_UINT, static_cast<guint>(result.embedded.epoch),
      "proven", G_TYPE_BOOLEAN, static_cast<gboolean>(result.proven()), "blind", G_TYPE_BOOLEAN,
      static_cast<gboolean>(result.blind), "margin", G_TYPE_DOUBLE, result.margin, "signature", G_TYPE_DOUBLE,
      reading.signature, "p-value", G_TYPE_DOUBLE, reading.p_value(), "log10-p", G_TYPE_DOUBLE, reading.log10_p,
      "bit-accuracy", G_TYPE_DOUBLE, reading.bit_accuracy, "mean-z", G_TYPE_DOUBLE, reading.mean_z, nullptr);
  gst_element_post_message(element_, gst_message_new_element(GST_OBJECT(element_), fields));
}

}  // namespace steg
