// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "launcher/trace/coded_frame.hpp"

namespace {

using Bytes = std::vector<std::uint8_t>;

bool is_disposable(const Bytes& unit, int length_size) {
  return trace::is_disposable_h264(unit.data(), unit.size(), length_size);
}

}  // namespace

TEST_CASE("H.264 frames that nothing refers to are told by their slices") {
  // An access unit delimiter (type 9), then slices of type 1 with nal_ref_idc 0 and 2.
  CHECK(is_disposable({0, 0, 0, 2, 0x09, 0x30, 0, 0, 0, 2, 0x01, 0x9A}, 4));
  CHECK_FALSE(is_disposable({0, 0, 0, 2, 0x09, 0x30, 0, 0, 0, 2, 0x41, 0x9A}, 4));
  CHECK(is_disposable({0, 2, 0x01, 0x9A, 0, 2, 0x01, 0x9B}, 2));
  CHECK_FALSE(is_disposable({0, 2, 0x01, 0x9A, 0, 2, 0x21, 0x9B}, 2));
  CHECK(is_disposable({0, 0, 0, 1, 0x09, 0x30, 0, 0, 1, 0x01, 0x9A}, 0));
  CHECK_FALSE(is_disposable({0, 0, 0, 1, 0x09, 0x30, 0, 0, 1, 0x65, 0x9A}, 0));
}

TEST_CASE("what is no frame, or broken, is not disposable") {
  CHECK_FALSE(is_disposable({}, 4));
  CHECK_FALSE(is_disposable({}, 0));
  CHECK_FALSE(is_disposable({0, 0, 0, 2, 0x09, 0x30}, 4));
  CHECK_FALSE(is_disposable({0, 0, 0, 9, 0x01, 0x9A}, 4));
  CHECK_FALSE(is_disposable({0, 0, 0, 2, 0x01, 0x9A, 0, 0}, 4));
  CHECK_FALSE(is_disposable({0, 0, 0, 0, 0x01}, 4));
  CHECK_FALSE(is_disposable({0x01, 0x9A, 0x00}, 0));
}
