// What an H.264 stream says of the range and colours of its picture.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace launcher {

/// The codes are those of ITU-T H.273; 2: unknown.
struct VideoSignal {
  bool full_range = false;
  int primaries = 2;
  int transfer = 2;
  int matrix = 2;

  bool has_colours() const { return primaries != 2 || transfer != 2 || matrix != 2; }
};

/// The sequence parameter set (a NAL unit without start code) with this signal in place of its own; nothing is said of
/// what is unknown. Returned as it is if it cannot be read or has no VUI.
std::string sps_with_signal(std::string_view sps, const VideoSignal& signal);

/// The same for each sequence parameter set before the first slice of a byte stream.
std::string byte_stream_with_signal(std::string_view stream, const VideoSignal& signal);

/// The same where each NAL unit has its length before it, in four bytes.
std::string packets_with_signal(std::string_view packets, const VideoSignal& signal);

/// The same for those in the decoder's configuration (avcC) of an MP4 file.
std::string avcc_with_signal(std::string_view avcc, const VideoSignal& signal);

}  // namespace launcher
