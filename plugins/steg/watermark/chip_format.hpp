// How chips depend on time.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace steg {

/// Layouts of roles, signs and code bits: one for each epoch of the legacy format, one for each phase of an epoch of
/// the day format.
inline constexpr int kEpochs = 8;
inline constexpr int kDayEpochs = 65536;  ///< numbers that an epoch of the day format may have

enum class ChipFormat : std::uint8_t {
  legacy,  ///< 8 epochs that come round
  day,     ///< the epoch is a time of day; only its phase, epoch % 8, shows in the pilots
};

/// How many epochs a format tells apart.
constexpr int epochs_of(ChipFormat format) { return format == ChipFormat::day ? kDayEpochs : kEpochs; }
/// Which of the 8 layouts an epoch has, in either format.
constexpr int phase_of(int epoch) { return epoch % kEpochs; }

}  // namespace steg
