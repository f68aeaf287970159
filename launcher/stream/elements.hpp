// Finding elements in a bin, and reading and setting their properties by name.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <string>
#include <vector>

#include "launcher/config/launch_config.hpp"
#include "launcher/config/property_name.hpp"

namespace launcher {

bool has_property(GstElement* element, const char* name);

/// Sets a property from text, as gst-launch would; a string property gets exactly `value`.
/// Throws ConfigError if there is no such element or property, or if the property does not have that value afterwards.
void set_property(GstBin* bin, const PropertyName& name, const std::string& value);

/// The property as text. Throws ConfigError if there is no such element or property.
std::string get_property(GstBin* bin, const PropertyName& name);

/// The name of the factory that made the element; empty for a plain bin.
std::string factory_name(GstElement* element);

/// The first element in the bin that the factory of that name made; null if there is none. Borrowed.
GstElement* first_of_kind(GstBin* bin, const std::string& factory);

/// A property of that element as text; empty if there is no such element.
std::string property_of_kind(GstBin* bin, const std::string& factory, const std::string& property);

/// Where the sources or sinks in the bin (the flag says which) read or write: their location or uri, without passwords.
std::vector<std::string> end_places(GstBin* bin, GstElementFlags flag);

}  // namespace launcher
