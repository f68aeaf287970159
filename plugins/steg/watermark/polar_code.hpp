// The polar code (256, 56) that carries the payload.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace steg {

inline constexpr int kCodeBits = 256;
/// A reading tries all payloads of the list and a signature picks from them, so a long list costs nothing but its
/// milliseconds: docs/watermark.md has the error rates of lists of 1 to 2048.
inline constexpr int kDefaultListSize = 256;

using Codeword = std::array<std::uint8_t, kCodeBits>;  ///< 0 or 1
using SoftBits = std::array<float, kCodeBits>;         ///< positive favours 0, see reading.hpp

/// Encodes the 56 bits of `payload` (most significant first, to the information positions in ascending order).
/// x = u F^(x)8 without bit reversal (Arikan 2009; 3GPP TS 38.212 section 5.3.1.2).
Codeword polar_encode(std::uint64_t payload);

struct Candidate {
  std::uint64_t payload;
  float metric;  ///< path metric: smaller is likelier
};

/// The `list_size` likeliest payloads of a successive-cancellation list decoder (Tal and Vardy 2015, in the
/// log-likelihood form of Balatsoukas-Stimming et al. 2015), best first. `llr` are log-likelihood ratios, positive
/// favours 0; their scale does not matter for which payloads come out. NaN counts as an erased bit. Never empty.
/// Throws std::invalid_argument for a list_size below 1.
std::vector<Candidate> polar_decode_list(const SoftBits& llr, int list_size = kDefaultListSize);

/// The 256 positions, least reliable first: those below 256 of the sequence in table 5.3.1.2-1 of 3GPP TS 38.212.
const std::array<int, kCodeBits>& polar_reliability_order();

/// The 56 most reliable positions, ascending.
const std::array<int, 56>& polar_information_set();

}  // namespace steg
