// Block error rates of polar codes over the binary-input Gaussian channel, by simulation.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

#include "polar_decoder.hpp"

namespace steg::bench {

struct Effort {
  int max_errors;   ///< stop when the list has lost so many payloads
  long max_blocks;  ///< stop at the latest after so many blocks
};

struct ErrorRate {
  long blocks;
  long lost;              ///< blocks whose payload is not in the list
  long first_wrong;       ///< blocks whose payload is not the first of the list
  double decode_seconds;  ///< of processor time

  double of_list() const { return static_cast<double>(lost) / static_cast<double>(blocks); }
  double of_first() const { return static_cast<double>(first_wrong) / static_cast<double>(blocks); }
};

/// Random payloads, sent as +-mean_z and received with N(0,1) added: a soft bit z of reading.hpp has that distribution.
ErrorRate measure(const InformationMask& information, int list_size, double mean_z, Effort effort, std::uint64_t seed);

/// Energy per payload bit over noise density, in dB, of a code of that many bits at a mean z: z^2 / 2 is Es/N0.
double eb_over_n0(double mean_z, double payload_bits);

}  // namespace steg::bench
