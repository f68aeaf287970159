// The inner loops of the block comparison.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace framediff {

/// Samples across a block that the fast kernels take.
constexpr int kBlockWidth = 8;

/// Sums of absolute differences of neighbouring blocks over a number of rows (at most 2^16):
/// sums[i] = sum over r < rows, k < 8 of |a[r * a_stride + 8 i + k] - b[r * b_stride + 8 i + k]|, i < blocks.
void sad_of_blocks(const std::uint8_t* a, std::ptrdiff_t a_stride, const std::uint8_t* b, std::ptrdiff_t b_stride,
                   int rows, int blocks, std::uint32_t* sums);

/// Sum over one block of 8 x rows samples of the absolute deviations from the block's mean (rounded to an integer).
std::uint32_t deviation_of_block(const std::uint8_t* p, std::ptrdiff_t stride, int rows);

/// The same for blocks of any size, in plain C++; the fast kernels give the same results.
std::uint32_t sad_of_block_portable(const std::uint8_t* a, std::ptrdiff_t a_stride, const std::uint8_t* b,
                                    std::ptrdiff_t b_stride, int width, int rows);
std::uint32_t deviation_of_block_portable(const std::uint8_t* p, std::ptrdiff_t stride, int width, int rows);

}  // namespace framediff
