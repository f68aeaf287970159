// SPDX-License-Identifier: LGPL-2.1-or-later
#include "coverage.hpp"

#include <cstdint>

#define NOT_COUNTED __attribute__((no_sanitize_coverage, no_sanitize_address, no_sanitize_undefined))

namespace {

constexpr std::size_t kPlaces = 1U << 16U;

// Plain arrays: the functions of others would be counted, too.
std::uint8_t counted[kPlaces];  // of this input; threads may miss some, which does no harm
std::uint8_t known[kPlaces];    // a bit for each power of two
thread_local std::uintptr_t before;

}  // namespace

extern "C" NOT_COUNTED void __sanitizer_cov_trace_pc() {
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
  const std::size_t place = ((here ^ here >> 16U) * 31U ^ before) % kPlaces;
  before = here << 1U;
  if (counted[place] < 255) ++counted[place];
}

NOT_COUNTED std::size_t fuzz::new_steps() {
  std::size_t found = 0;
  for (std::size_t place = 0; place < kPlaces; ++place) {
    if (counted[place] == 0) continue;
    unsigned kind = 0;
    for (unsigned times = counted[place]; times > 1; times >>= 1U) ++kind;
    const auto bit = static_cast<std::uint8_t>(1U << kind);
    if ((known[place] & bit) == 0) ++found;
    known[place] = static_cast<std::uint8_t>(known[place] | bit);
    counted[place] = 0;
  }
  return found;
}
