// SPDX-License-Identifier: LGPL-2.1-or-later
#include "id_rule.hpp"

#include <glib.h>

#include <algorithm>
#include <string>

namespace launcher {

void check_id(std::string_view id) {
  if (id.empty()) throw ConfigError("The ID is empty: send 1 to 7 bytes of UTF-8.");
  if (id.size() > 7) {
    throw ConfigError("The ID '" + std::string(id) + "' is " + std::to_string(id.size()) +
                      " bytes long: send at most 7 bytes of UTF-8.");
  }
  if (!g_utf8_validate(id.data(), static_cast<gssize>(id.size()), nullptr)) {
    throw ConfigError("The ID is not UTF-8: send 1 to 7 bytes of UTF-8.");
  }
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(id.begin(), id.end(), is_control)) {
    throw ConfigError("The ID contains a control character: send 1 to 7 bytes of UTF-8 without any.");
  }
}

}  // namespace launcher
