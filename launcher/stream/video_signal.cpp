// SPDX-License-Identifier: LGPL-2.1-or-later
#include "video_signal.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>

namespace launcher {
namespace {

constexpr int kSliceTypes = 5;  // of 1 to 5
constexpr int kSps = 7;
constexpr int kExtendedSar = 255;
constexpr int kUnspecifiedFormat = 5;

int byte_at(std::string_view bytes, std::size_t index) { return static_cast<unsigned char>(bytes[index]); }
int nal_type(std::string_view nal) { return nal.empty() ? 0 : byte_at(nal, 0) & 0x1F; }

std::string without_emulation_prevention(std::string_view nal) {
  std::string bytes;
  int zeros = 0;
  for (const char c : nal) {
    if (zeros >= 2 && c == 3) {
      zeros = 0;
      continue;
    }
    zeros = c == 0 ? zeros + 1 : 0;
    bytes += c;
  }
  return bytes;
}

std::string with_emulation_prevention(std::string_view bytes) {
  std::string nal;
  int zeros = 0;
  for (const char c : bytes) {
    if (zeros >= 2 && static_cast<unsigned char>(c) <= 3) {
      nal += '\3';
      zeros = 0;
    }
    zeros = c == 0 ? zeros + 1 : 0;
    nal += c;
  }
  return nal;
}

/// Reads bits, and writes what is to be kept of them. Throws std::out_of_range at the end.
class BitCopier {
 public:
  explicit BitCopier(std::string_view bytes) : bytes_(bytes) {
    const std::size_t last = bytes.find_last_not_of('\0');
    if (last == std::string_view::npos) throw std::out_of_range("empty");
    end_ = last * 8 + 7;
    while ((byte_at(bytes, last) >> (7 - end_ % 8) & 1) == 0) --end_;  // the stop bit
  }

  unsigned skip(int count) {
    unsigned value = 0;
    for (int i = 0; i < count; ++i) {
      if (position_ >= end_) throw std::out_of_range("cut off");
      value = value << 1 | static_cast<unsigned>(byte_at(bytes_, position_ / 8) >> (7 - position_ % 8) & 1);
      ++position_;
    }
    return value;
  }
  void write(unsigned value, int count) {
    for (int i = count - 1; i >= 0; --i) {
      if (written_ % 8 == 0) result_ += '\0';
      const int bit = static_cast<int>(value >> i & 1) << (7 - written_ % 8);
      result_.back() = static_cast<char>(static_cast<unsigned char>(result_.back()) | bit);
      ++written_;
    }
  }
  unsigned copy(int count) {
    const unsigned value = skip(count);
    write(value, count);
    return value;
  }
  bool copy_flag() { return copy(1) != 0; }
  /// An Exp-Golomb code.
  unsigned copy_code() {
    int zeros = 0;
    while (!copy_flag()) {
      if (++zeros > 31) throw std::out_of_range("no code");
    }
    return zeros == 0 ? 0 : (1U << zeros) - 1 + copy(zeros);
  }
  void copy_codes(unsigned count) {
    for (unsigned i = 0; i < count; ++i) copy_code();
  }
  std::string finish() {
    while (position_ < end_) copy(1);
    write(1, 1);
    return std::move(result_);
  }

 private:
  std::string_view bytes_;
  std::size_t position_ = 0;
  std::size_t end_ = 0;  ///< of the stop bit
  std::string result_;
  std::size_t written_ = 0;
};

void copy_scaling_list(BitCopier& bits, int size) {
  int last = 8;
  int next = 8;
  for (int i = 0; i < size; ++i) {
    if (next != 0) {
      const unsigned code = bits.copy_code();
      const int delta = code % 2 == 1 ? static_cast<int>(code / 2 + 1) : -static_cast<int>(code / 2);
      next = (last + delta + 256) % 256;
    }
    if (next != 0) last = next;
  }
}

void copy_high_profile(BitCopier& bits) {
  const unsigned chroma = bits.copy_code();
  if (chroma == 3) bits.copy(1);
  bits.copy_codes(2);  // bit depths
  bits.copy(1);
  if (!bits.copy_flag()) return;
  const int lists = chroma == 3 ? 12 : 8;
  for (int i = 0; i < lists; ++i) {
    if (bits.copy_flag()) copy_scaling_list(bits, i < 6 ? 16 : 64);
  }
}

bool is_high_profile(unsigned profile) {
  constexpr std::array<unsigned, 13> kProfiles{100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135};
  return std::find(kProfiles.begin(), kProfiles.end(), profile) != kProfiles.end();
}

/// Everything up to the flag that says whether there is a VUI; the flag is returned.
bool copy_up_to_vui(BitCopier& bits) {
  bits.copy(8);
  const unsigned profile = bits.copy(8);
  bits.copy(16);
  bits.copy_code();
  if (is_high_profile(profile)) copy_high_profile(bits);
  bits.copy_code();
  const unsigned order = bits.copy_code();
  if (order == 0) {
    bits.copy_code();
  } else if (order == 1) {
    bits.copy(1);
    bits.copy_codes(2);
    bits.copy_codes(bits.copy_code());
  }
  bits.copy_code();
  bits.copy(1);
  bits.copy_codes(2);  // width and height
  if (!bits.copy_flag()) bits.copy(1);
  bits.copy(1);
  if (bits.copy_flag()) bits.copy_codes(4);  // cropping
  return bits.copy_flag();
}

void skip_signal(BitCopier& bits) {
  if (bits.skip(1) == 0) return;
  bits.skip(4);
  if (bits.skip(1) != 0) bits.skip(24);
}

void write_signal(BitCopier& bits, const VideoSignal& signal) {
  const bool colours = signal.has_colours();
  bits.write(colours || signal.full_range ? 1 : 0, 1);
  if (!colours && !signal.full_range) return;
  bits.write(kUnspecifiedFormat, 3);
  bits.write(signal.full_range ? 1 : 0, 1);
  bits.write(colours ? 1 : 0, 1);
  if (!colours) return;
  for (const int code : {signal.primaries, signal.transfer, signal.matrix}) bits.write(static_cast<unsigned>(code), 8);
}

}  // namespace

std::string sps_with_signal(std::string_view sps, const VideoSignal& signal) {
  try {
    const std::string bytes = without_emulation_prevention(sps);
    BitCopier bits(bytes);
    if (!copy_up_to_vui(bits)) return std::string(sps);
    if (bits.copy_flag() && bits.copy(8) == kExtendedSar) bits.copy(32);
    if (bits.copy_flag()) bits.copy(1);  // overscan
    skip_signal(bits);
    write_signal(bits, signal);
    return with_emulation_prevention(bits.finish());
  } catch (const std::out_of_range&) {
    return std::string(sps);
  }
}

std::string byte_stream_with_signal(std::string_view stream, const VideoSignal& signal) {
  constexpr std::string_view kStart("\0\0\1", 3);
  std::string result;
  std::size_t start = stream.find(kStart);
  while (start != std::string_view::npos) {
    const std::size_t begin = start + kStart.size();
    const int type = nal_type(stream.substr(begin, 1));
    if (type >= 1 && type <= kSliceTypes) break;
    const std::size_t next = stream.find(kStart, begin);
    std::size_t end = next == std::string_view::npos ? stream.size() : next;
    if (type == kSps) {
      while (end > begin && stream[end - 1] == 0) --end;  // the longer start code of the next one
      result += stream.substr(0, begin);
      result += sps_with_signal(stream.substr(begin, end - begin), signal);
      stream.remove_prefix(end);
      start = stream.find(kStart);
    } else {
      start = next;
    }
  }
  return result.append(stream);
}

std::string packets_with_signal(std::string_view packets, const VideoSignal& signal) {
  constexpr std::size_t kLength = 4;
  std::string result;
  while (packets.size() > kLength) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < kLength; ++i) size = size << 8 | static_cast<std::size_t>(byte_at(packets, i));
    const int type = nal_type(packets.substr(kLength));
    if (size > packets.size() - kLength || (type >= 1 && type <= kSliceTypes)) break;
    std::string nal(packets.substr(kLength, size));
    if (type == kSps) nal = sps_with_signal(nal, signal);
    for (int shift = 24; shift >= 0; shift -= 8) result += static_cast<char>(nal.size() >> shift & 0xFF);
    result += nal;
    packets.remove_prefix(kLength + size);
  }
  return result.append(packets);
}

std::string avcc_with_signal(std::string_view avcc, const VideoSignal& signal) {
  constexpr std::size_t kHeader = 6;
  if (avcc.size() < kHeader) return std::string(avcc);
  std::string result(avcc.substr(0, kHeader));
  std::size_t position = kHeader;
  for (int left = byte_at(avcc, kHeader - 1) & 0x1F; left > 0; --left) {
    if (position + 2 > avcc.size()) return std::string(avcc);
    const auto size = static_cast<std::size_t>(byte_at(avcc, position) << 8 | byte_at(avcc, position + 1));
    position += 2;
    if (position + size > avcc.size()) return std::string(avcc);
    const std::string sps = sps_with_signal(avcc.substr(position, size), signal);
    result += static_cast<char>(sps.size() >> 8);
    result += static_cast<char>(sps.size() & 0xFF);
    result += sps;
    position += size;
  }
  return result.append(avcc.substr(position));
}

}  // namespace launcher
