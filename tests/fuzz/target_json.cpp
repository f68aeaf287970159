// Bodies of requests, and the texts that answers carry.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fuzz.hpp"
#include "launcher/base/json.hpp"

fuzz::Target fuzz::json() {
  return {"json",
          {R"({"id": "ALICE"})", R"({"id": "\u00e9\ud83d\ude00", "other": [1, 2.5, null, {"a": true}]})", R"(["id"])"},
          {"\"id\"", "[", "]", "{", "}", "\\u0000", "\\ud800", "null", "1e999", "\xEF\xBB\xBF", "\xff", "\xC0\x80"},
          65536,
          [](const std::string& input) {
            std::string told = input;
            try {
              told = launcher::read_string_member(input, "id");
            } catch (const std::runtime_error& error) {
              require(std::string(error.what()).size() < 200, "an error is a sentence");
            }
            launcher::JsonText json;
            const std::string text = json.text("id", told).integer("n", 1).finish();
            require(launcher::read_string_member(text, "id").size() <= 3 * told.size(), "an answer is JSON");
          }};
}
