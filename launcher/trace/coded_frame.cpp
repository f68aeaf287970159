// SPDX-License-Identifier: LGPL-2.1-or-later
#include "coded_frame.hpp"

namespace trace {
namespace {

constexpr unsigned kFirstSlice = 1;  // nal_unit_type of slices and their partitions
constexpr unsigned kLastSlice = 5;

/// Looks at the first byte of each NAL unit.
class Slices {
 public:
  void add(std::uint8_t header) {
    const unsigned type = header & 0x1FU;
    if (type < kFirstSlice || type > kLastSlice) return;
    any_ = true;
    referenced_ = referenced_ || (header & 0x60U) != 0;
  }
  bool are_disposable() const { return any_ && !referenced_; }

 private:
  bool any_ = false;
  bool referenced_ = false;
};

}  // namespace

bool is_disposable_h264(const std::uint8_t* data, std::size_t size, int length_size) {
  Slices slices;
  if (length_size > 0) {
    const auto prefix = static_cast<std::size_t>(length_size);
    for (std::size_t at = 0; at < size;) {
      if (size - at <= prefix) return false;
      std::size_t length = 0;
      for (std::size_t i = 0; i < prefix; ++i) length = length << 8U | data[at + i];
      at += prefix;
      if (length == 0 || length > size - at) return false;
      slices.add(data[at]);
      at += length;
    }
  } else {
    for (std::size_t at = 0; at + 3 < size; ++at) {
      if (data[at] == 0 && data[at + 1] == 0 && data[at + 2] == 1) slices.add(data[at + 3]);
    }
  }
  return slices.are_disposable();
}

}  // namespace trace
