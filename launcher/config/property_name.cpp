// SPDX-License-Identifier: LGPL-2.1-or-later
#include "property_name.hpp"

namespace launcher {

std::optional<PropertyName> parse_property_name(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) return std::nullopt;
  return PropertyName{std::string(text.substr(0, dot)), std::string(text.substr(dot + 1))};
}

std::string for_recipient(const std::string& element, const std::string& recipient) {
  return recipient.empty() ? element : element + "-" + recipient;
}

PropertyName for_recipient(const PropertyName& name, const std::string& recipient) {
  return {for_recipient(name.element, recipient), name.property};
}

}  // namespace launcher
