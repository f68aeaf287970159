// What stegencode and stegdecode share in taking their properties to keys and models.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <optional>
#include <string>

#include "watermark/key.hpp"

namespace steg {

/// What GST_ELEMENT_ERROR should call a file that cannot be used: GST_RESOURCE_ERROR_NOT_FOUND or _SETTINGS.
GstResourceError file_error_code(const std::string& path);

/// Posts one element error of the domain RESOURCE.
void post_resource_error(GstElement* element, GstResourceError code, const std::string& text);

/// Posts an element warning (RESOURCE, SETTINGS).
void post_settings_warning(GstElement* element, const std::string& text);

/// The key in `key_file`, or the public default key if the name is empty. Nothing, after an element error, if the file
/// cannot be used.
std::optional<Key> load_key(GstElement* element, const std::string& key_file);

/// The value's string; empty for NULL.
std::string string_of(const GValue* value);

/// Sets the value to the text, NULL if it is empty.
void set_string(GValue* value, const std::string& text);

}  // namespace steg
