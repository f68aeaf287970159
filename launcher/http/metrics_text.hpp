// Prometheus' text format 0.0.4.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace launcher {

class MetricsText {
 public:
  /// Begins a family; a family without values is left out of the text.
  MetricsText& family(const std::string& name, const std::string& type, const std::string& help);
  /// labels: `name="value",...` or empty.
  MetricsText& value(const std::string& labels, double number);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::string head_;
  std::string name_;
};

}  // namespace launcher
