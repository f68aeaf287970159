// What a pipeline file says, checked.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "address.hpp"
#include "description.hpp"
#include "restart_policy.hpp"

namespace launcher {

/// A property of a named element, written `element.property`.
struct PropertyName {
  std::string element;
  std::string property;
  bool operator<(const PropertyName& other) const {
    return element != other.element ? element < other.element : property < other.property;
  }
  bool operator==(const PropertyName& other) const { return element == other.element && property == other.property; }
};

struct ControlSettings {
  std::optional<Address> listen;         ///< nothing: no HTTP
  std::optional<PropertyName> id;        ///< what POST /custom sets
  std::vector<PropertyName> properties;  ///< what PUT /elements/… may set
};

struct RateSettings {
  std::string encoder;  ///< name of the encoder whose key frames and bit rate follow the frame rate; empty: none
  Seconds key_interval{2};
};

struct PipelineConfig {
  std::string description;            ///< with the variables put in
  std::vector<std::string> optional;  ///< names of elements that begin branches which may stay without input
  Seconds optional_wait{1.5};
  ControlSettings control;
  RestartSettings restart;
  RateSettings rate;
};

/// group -> key -> value, as read from the file.
using Groups = std::map<std::string, std::map<std::string, std::string>>;

/// Checks the groups and puts `overrides` (from --set) over the defaults in [variables].
/// Throws ConfigError that begins with "[group] key:" for an unknown group or key, a value out of range, a variable
/// that is not there or not used, and whatever substitute() refuses.
PipelineConfig read_config(const Groups& groups, const Variables& overrides);

/// "element.property"; nothing if it is not of that form.
std::optional<PropertyName> parse_property_name(std::string_view text);

}  // namespace launcher
