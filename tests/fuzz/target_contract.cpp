// contract.json of a model.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "fuzz.hpp"
#include "plugins/steg/model/contract.hpp"
#include "plugins/steg/model/encoder.hpp"

fuzz::Target fuzz::contract() {
  return {
      "contract",
      {R"({"format": "gst-steg-encoder", "version": 2, "planes": 3, "grid": {"short_side": 144, "multiple": 8}})",
       R"({"format": "gst-steg-encoder", "version": 1, "grid": {"short_side": 144, "multiple": 8, "more": [1, 2]}})"},
      {"[", "]", "{", "}", "\"version\"", "\"planes\"", "\"grid\"", "null", "true", "\\u0000", "1e999", "\xEF\xBB\xBF"},
      70000,
      [](const std::string& input) {
        try {
          const steg::Contract contract = steg::read_contract(input, steg::kEncoderFormat, "model.pt");
          require(contract.version == 1 || contract.version == 2, "the version is one that is read");
          require(contract.planes == 1 || contract.planes == 3, "planes are 1 or 3");
        } catch (const steg::ModelError& error) {
          const std::string text = error.what();
          require(text.size() < 1000, "an error is a sentence");
          require(std::none_of(text.begin(), text.end(),
                               [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }),
                  "an error has no control characters");
        }
      }};
}
