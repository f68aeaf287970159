// A GStreamer pipeline that stops when it goes out of scope.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <initializer_list>
#include <string>

#include "plugins/common/gst_ptr.hpp"

namespace robustness {

/// Throws std::runtime_error, which says what to set, if GStreamer does not find one of these elements.
void require_elements(std::initializer_list<const char*> names);

class Pipeline {
 public:
  /// In the words of gst-launch-1.0. Throws std::runtime_error.
  explicit Pipeline(const std::string& description);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  gststeg::Ptr<GstElement> element(const char* name) const;
  void play() const;
  /// Throws std::runtime_error if an element has reported an error.
  void check() const;
  /// Returns at end of stream. Throws std::runtime_error if an element reports an error.
  void wait_for_end() const;

 private:
  gststeg::Ptr<GstElement> pipeline_;
  gststeg::Ptr<GstBus> bus_;
};

}  // namespace robustness
