// SPDX-License-Identifier: LGPL-2.1-or-later
#include "csv.hpp"

#include <algorithm>
#include <utility>

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

std::vector<Row> csv_rows(const std::string& text) {
  std::vector<Row> rows;
  Row row;
  for (std::size_t at = 0; at < text.size();) {
    Value value;
    if (text[at] == '"') {
      value.emplace();
      for (++at;; ++at) {
        if (at >= text.size()) throw AuditError("A quoted field has no end.");
        if (text[at] == '"' && text.compare(at, 2, "\"\"") != 0) break;
        at += text[at] == '"' ? 1 : 0;
        value->push_back(text[at]);
      }
      ++at;
    } else {
      const std::size_t end = std::min(text.find_first_of(",\r", at), text.size());
      if (end > at) value = text.substr(at, end - at);
      at = end;
    }
    row.push_back(std::move(value));
    if (text.compare(at, 1, ",") == 0) {
      ++at;
    } else if (text.compare(at, 2, "\r\n") == 0) {
      at += 2;
      rows.push_back(std::move(row));
      row.clear();
    } else {
      throw AuditError("A field is not followed by a comma or the end of the line.");
    }
  }
  if (!row.empty()) throw AuditError("The last line has no end.");
  return rows;
}

}  // namespace audit
