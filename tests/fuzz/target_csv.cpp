// Rows of an export, and the signed folder that they stand in.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "csv.hpp"
#include "fuzz.hpp"

fuzz::Target fuzz::csv() {
  return {"csv",
          {audit::csv_line({"a", "", std::nullopt, "1,2"}), audit::csv_line({"\"", "line\r\nbreak"}) + "x,y\r\n"},
          {"\"", "\"\"", ",", "\r\n", "\r", "\n"},
          10000,
          [](const std::string& input) {
            std::vector<audit::Row> rows;
            try {
              rows = audit::csv_rows(input);
            } catch (const audit::AuditError&) {
              return;
            }
            std::string text;
            for (const audit::Row& row : rows) text += audit::csv_line(row);
            require(audit::csv_rows(text) == rows, "what was read and written reads the same");
          }};
}
