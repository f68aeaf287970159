// How much a ZIP archive holds, as its directory says.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace steg {

/// Bytes of all members once they are unpacked; nothing if there is no directory that can be read. Readers go by the
/// same numbers, so that a member cannot become larger than it says here.
std::optional<std::uint64_t> unpacked_bytes(std::string_view archive);

}  // namespace steg
