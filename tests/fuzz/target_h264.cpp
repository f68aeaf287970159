// What is read of H.264 here: the signal in its parameter sets.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fuzz.hpp"
#include "launcher/stream/video_signal.hpp"
#include "tests/launcher/unit/h264_bytes.hpp"

fuzz::Target fuzz::h264() {
  // Of x264: 320x240, limited range, smpte170m three times; and of High profile with all of its parts.
  const std::string sps = bytes_of("6742c032da0507ec05a830303528000003000800000300a478c195");
  const std::string high = bytes_of("67640028acd100780227e5c05a808080a0000003002000000781e30632c0");
  const std::string pps = bytes_of("68ce05f2");
  const std::string slice = bytes_of("6588840000016742");
  const std::string start("\0\0\0\1", 4);
  const std::string avcc =
      bytes_of("0142c032ffe1") + std::string("\0\x1b", 2) + sps + '\1' + std::string("\0\4", 2) + pps;
  return {
      "h264",
      {sps, high, start + sps + start + pps + start + slice, with_length(sps) + with_length(pps) + with_length(slice),
       avcc, with_length(bytes_of("019a0000")), start + bytes_of("019a0000")},
      {start, std::string("\0\0\3", 3), sps, high, pps, slice, "\xff\xff\xff\xff"},
      4000,
      [](const std::string& input) {
        for (const launcher::VideoSignal& signal :
             {launcher::VideoSignal{}, launcher::VideoSignal{true, 2, 2, 2}, launcher::VideoSignal{false, 9, 16, 9}}) {
          const std::string changed = launcher::sps_with_signal(input, signal);
          require(launcher::sps_with_signal(changed, signal) == changed, "a signal is set once");
          launcher::byte_stream_with_signal(input, signal);
          launcher::packets_with_signal(input, signal);
          launcher::avcc_with_signal(input, signal);
        }
      }};
}
