// Tells auditlog which address an ID goes to, with the very frame that carries the ID first.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <deque>
#include <mutex>
#include <string>

#include "launcher/config/launch_config.hpp"
#include "launcher/config/property_name.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {

/// If the address were set directly, it would reach auditlog some frames before or after the ID, and a row would say
/// that an ID went to somebody who never had it.
class ClientAddress {
 public:
  /// target: the property of the element that records, in whose input the frames carry their mark. Throws ConfigError
  /// if it is not there.
  ClientAddress(GstBin* bin, const PropertyName& target);
  /// The pipeline must be in NULL again.
  ~ClientAddress();
  ClientAddress(const ClientAddress&) = delete;
  ClientAddress& operator=(const ClientAddress&) = delete;

  /// From the first frame that carries `id` on, the address is `address`.
  void set_with(const std::string& id, const std::string& address);

 private:
  static GstPadProbeReturn on_frame(GstPad* pad, GstPadProbeInfo* info, gpointer self);

  struct Request {
    std::string id;
    std::string address;
  };
  gststeg::Ptr<GstElement> element_;
  gststeg::Ptr<GstPad> pad_;
  std::string property_;
  gulong probe_ = 0;
  std::mutex mutex_;  ///< guards what follows; never held while the property is set
  std::deque<Request> requests_;
};

}  // namespace launcher
