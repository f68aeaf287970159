// What stegencode and stegdecode share in taking their properties to keys and models.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>
#include <gst/video/video.h>

#include <optional>
#include <string>

#include "plugins/common/crypto/key.hpp"
#include "plugins/steg/model/device.hpp"

namespace steg {

constexpr gint kMaxThreads = 64;  ///< for the operations of a network

/// What GST_ELEMENT_ERROR should call a file that cannot be used: GST_RESOURCE_ERROR_NOT_FOUND or _SETTINGS.
GstResourceError file_error_code(const std::string& path);

/// Posts one element error of the domain RESOURCE.
void post_resource_error(GstElement* element, GstResourceError code, const std::string& text);

/// Posts an element warning (RESOURCE, SETTINGS).
void post_settings_warning(GstElement* element, const std::string& text);

/// Enumeration type of the property `device`, with the values of Device.
GType device_type();

/// Installs the property `device` under that number.
void install_device_property(GObjectClass* klass, guint property);

/// The key in `key_file`, or the public default key if the name is empty. Nothing, after an element error, if the file
/// cannot be used.
std::optional<Key> load_key(GstElement* element, const std::string& key_file);

/// False if the buffer says of itself that its picture has another size than `info`.
bool has_size_of(GstBuffer* buffer, const GstVideoInfo& info);

/// Tells of each size that cannot be marked or read once, also where negotiation tries it again.
class SizeRefusal {
 public:
  /// Posts an element error (STREAM, FORMAT) unless the last call was about the same size.
  void post(GstElement* element, const GstVideoInfo& info, const std::string& text);

 private:
  gint width_ = 0;
  gint height_ = 0;
};

}  // namespace steg
