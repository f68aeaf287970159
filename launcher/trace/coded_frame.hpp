// What a coded frame is to those after it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace trace {

enum class CodedFrame {
  key,         ///< refers to no other frame
  referenced,  ///< others may refer to it
  disposable,  ///< no other frame refers to it
};

/// Whether all slices of an H.264 access unit have nal_ref_idc 0 (ITU-T H.264, 7.4.1). `length_size`: bytes of the
/// length before each NAL unit, as avcC says (ISO/IEC 14496-15, 5.2.4.1.1): 1, 2 or 4; 0 for start codes (Annex B).
/// False for what cannot be parsed.
bool is_disposable_h264(const std::uint8_t* data, std::size_t size, int length_size);

}  // namespace trace
