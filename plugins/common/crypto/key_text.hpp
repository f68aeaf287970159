// The key in a key file as text, for who hands it on.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace steg {

/// The 64 hexadecimal digits in a file as Key::from_file() takes it. Throws KeyError as that does.
std::string key_text_from_file(const std::string& path);

}  // namespace steg
