// An appsrc as outlet: the FLV stream into a pipeline.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/app/gstappsrc.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "launcher/base/bytes.hpp"
#include "outlet.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {

/// Timestamps begin at 0 with the first tag, as a pipeline's running time does.
class AppSrcOutlet : public Outlet {
 public:
  /// Takes the reference over.
  explicit AppSrcOutlet(GstElement* source);

  bool push(Bytes bytes) override;
  /// Ends the stream. From any thread.
  void close() override;
  bool is_open() const override { return open_; }

 private:
  gststeg::Ptr<GstElement> source_;
  std::optional<std::uint32_t> first_;  ///< timestamp of the first frame
  std::atomic<bool> open_{true};
};

}  // namespace launcher
