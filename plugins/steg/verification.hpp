// What stegencode's verify-interval does: its own output read back now and then, and told on the bus.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <functional>
#include <memory>
#include <string>

#include "plugins/steg/reading/self_check.hpp"

namespace steg {

/// Of the frames that were read back.
struct VerifyStats {
  guint64 verified = 0;
  guint64 failed = 0;  ///< whose ID did not prove itself
  gdouble margin = 0;  ///< of the last one
  gdouble worst_margin = 0;

  void count(const SelfCheckResult& result);
  /// As the fields verified, verify-failed, verify-margin, verify-worst-margin.
  void add_to(GstStructure* stats) const;
};

class Verification {
 public:
  /// `element` posts the messages and must outlive this. `counted` is called for each frame that could be read back, on
  /// another thread, with nothing locked.
  Verification(GstElement* element, const Key& key, std::shared_ptr<Extractor> extractor,
               std::function<void(const SelfCheckResult&)> counted);

  /// Reads the frame back if `interval` ns have passed since the last one that was, and none is being read. `time`:
  /// running time; GST_CLOCK_TIME_NONE counts as due.
  void offer(const PictureView& picture, const std::string& id, int epoch, GstClockTime time, GstClockTime interval);

 private:
  void tell(const SelfCheckResult& result) const;

  GstElement* element_;
  std::function<void(const SelfCheckResult&)> counted_;
  GstClockTime last_time_ = GST_CLOCK_TIME_NONE;
  SelfCheck check_;  ///< last: its thread uses the members above
};

}  // namespace steg
