// Sums of values with the signs of many epochs at once.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace steg {

/// Epochs that are tried at once.
constexpr std::size_t kLanes = 16;

/// What is summed for each lane. Sums must fit: the caller scales what it adds.
struct LaneSums {
  std::int16_t of __attribute__((vector_size(2 * kLanes)));
};

struct LaneCell {
  std::uint32_t at;  ///< its bit, of each byte from the least significant on
  std::int16_t value;
  std::uint8_t sum;  ///< to which it is added
};

/// `rows`: so many bytes for each lane, one lane after the other; `bytes` is a multiple of 16. Bit l of the i-th of the
/// 8 * `bytes` results is bit i of lane l.
void gather_lanes(const std::uint8_t* rows, std::size_t bytes, std::uint16_t* masks);

/// Adds the value of each cell to its sum, in the lanes whose bit is set.
void add_where_set(const LaneCell* cells, std::size_t count, const std::uint16_t* masks, LaneSums* sums);

}  // namespace steg
