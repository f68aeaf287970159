// SPDX-License-Identifier: LGPL-2.1-or-later
#include "metrics_text.hpp"

#include <array>
#include <charconv>

namespace launcher {

MetricsText& MetricsText::family(const std::string& name, const std::string& type, const std::string& help) {
  name_ = name;
  head_ = "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
  return *this;
}

MetricsText& MetricsText::value(const std::string& labels, double number) {
  text_ += head_;
  head_.clear();
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  text_ += name_ + (labels.empty() ? "" : "{" + labels + "}") + " " + std::string(digits.data(), end) + "\n";
  return *this;
}

}  // namespace launcher
