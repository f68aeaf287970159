// A viewer's pattern in a line of text, for records: docs/tokens.md has its form.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sequences.hpp"

namespace steg {

/// What a pattern's name says of how it was made.
struct PatternName {
  int variants = 2;
  Bias bias = Bias::arcsine;
  std::uint32_t first = 0;  ///< the position that the fingerprint begins at
  std::string fingerprint;  ///< 16 hexadecimal digits
};

const char* name(Bias bias);
/// Nothing for a word that is no bias.
std::optional<Bias> bias_of(std::string_view word);

/// "pattern 2 arcsine 0 0123456789abcdef": variants, bias, first position, and the first 8 bytes of the SHA-256 of the
/// variants at kFingerprintPositions positions from `first` on, a byte each. `bias` is that of the sequences.
std::string pattern_name(const Sequences& sequences, Bias bias, std::string_view viewer, std::uint32_t first);
inline constexpr std::size_t kFingerprintPositions = 4096;

/// Nothing for what pattern_name() does not make.
std::optional<PatternName> parse_pattern_name(const std::string& text);

}  // namespace steg
