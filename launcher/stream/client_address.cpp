// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client_address.hpp"

#include <algorithm>
#include <optional>

#include "elements.hpp"
#include "launcher/base/config_error.hpp"
#include "launcher/config/property_name.hpp"
#include "plugins/common/gststegmeta.h"

namespace launcher {
namespace {

/// IDs that never reached a frame, because others were set right after them.
constexpr std::size_t kMostRequests = 64;

std::string id_of(GstBuffer* buffer) {
  const GstStructure* mark = gst_steg_meta_get(buffer, GST_STEG_MARK_META_NAME);
  const gchar* id = mark ? gst_structure_get_string(mark, "id") : nullptr;
  return id ? id : "";
}

}  // namespace

ClientAddress::ClientAddress(GstBin* bin, const PropertyName& target)
    : element_(gst_bin_get_by_name(bin, target.element.c_str())), property_(target.property) {
  get_property(bin, target);
  gst_steg_metas_register();
  pad_.reset(gst_element_get_static_pad(element_.get(), "sink"));
  if (!pad_) throw ConfigError("[control] client-ip: '" + target.element + "' has no input");
  probe_ = gst_pad_add_probe(pad_.get(), GST_PAD_PROBE_TYPE_BUFFER, on_frame, this, nullptr);
}

ClientAddress::~ClientAddress() { gst_pad_remove_probe(pad_.get(), probe_); }

void ClientAddress::set_with(const std::string& id, const std::string& address) {
  const std::lock_guard<std::mutex> lock(mutex_);
  requests_.push_back({id, address});
  if (requests_.size() > kMostRequests) requests_.pop_front();
}

GstPadProbeReturn ClientAddress::on_frame(GstPad*, GstPadProbeInfo* info, gpointer self) {
  auto* owner = static_cast<ClientAddress*>(self);
  std::optional<std::string> address;
  {
    const std::lock_guard<std::mutex> lock(owner->mutex_);
    if (owner->requests_.empty()) return GST_PAD_PROBE_OK;
    const std::string id = id_of(GST_PAD_PROBE_INFO_BUFFER(info));
    auto& requests = owner->requests_;
    const auto last = std::find_if(requests.rbegin(), requests.rend(), [&](const Request& r) { return r.id == id; });
    if (last == requests.rend()) return GST_PAD_PROBE_OK;
    address = last->address;
    requests.erase(requests.begin(), last.base());
  }
  g_object_set(owner->element_.get(), owner->property_.c_str(), address->c_str(), nullptr);
  return GST_PAD_PROBE_OK;
}

}  // namespace launcher
