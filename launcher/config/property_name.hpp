// Which property of which element a pipeline file means.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

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

/// In a fan-out, the element that a name in the file means for one recipient: the one with "-RECIPIENT" behind its
/// name. An empty recipient changes nothing.
std::string for_recipient(const std::string& element, const std::string& recipient);
PropertyName for_recipient(const PropertyName& name, const std::string& recipient);

/// "element.property"; nothing if it is not of that form.
std::optional<PropertyName> parse_property_name(std::string_view text);

}  // namespace launcher
