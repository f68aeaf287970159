// SPDX-License-Identifier: LGPL-2.1-or-later
#include "csv.hpp"

namespace audit {

namespace {

std::string field(const Value& value) {
  if (!value) return "";
  if (!value->empty() && value->find_first_of(",\"\r\n") == std::string::npos) return *value;
  std::string text = "\"";
  for (const char c : *value) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

}  // namespace

std::string csv_line(const Row& row) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) line.append(i ? "," : "").append(field(row[i]));
  return line + "\r\n";
}

}  // namespace audit
