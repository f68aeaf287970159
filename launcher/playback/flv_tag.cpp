// SPDX-License-Identifier: LGPL-2.1-or-later
#include "flv_tag.hpp"

#include <algorithm>
#include <cstring>

namespace launcher {
namespace {

/// A jump that no pause of a live stream explains, in milliseconds.
constexpr std::int64_t kLargestStep = 5000;
/// Tags of sound and picture are not quite in order.
constexpr std::int64_t kLargestStepBack = 1000;

std::size_t read24(const std::uint8_t* bytes) {
  return static_cast<std::size_t>(bytes[0]) << 16 | static_cast<std::size_t>(bytes[1]) << 8 | bytes[2];
}

/// Packet type 0 of AVC and AAC is the decoder's configuration; 2 of AVC is the end of the sequence, which the muxer
/// writes when its source ends, though the stream goes on.
std::optional<TagKind> kind_of(std::uint8_t type, const std::uint8_t* body, std::size_t size) {
  if (type == 18) return TagKind::metadata;
  if (size < 2) return std::nullopt;
  if (type == 8) {
    const bool aac = body[0] >> 4 == 10;
    return aac && body[1] == 0 ? TagKind::audio_config : TagKind::audio;
  }
  if (type != 9) return std::nullopt;
  const bool avc = (body[0] & 15) == 7;
  if (avc && body[1] == 0) return TagKind::video_config;
  if (avc && body[1] == 2) return std::nullopt;
  return body[0] >> 4 == 1 ? TagKind::key_frame : TagKind::video;
}

}  // namespace

std::vector<FlvTag> split_flv(const std::uint8_t* data, std::size_t size) {
  std::vector<FlvTag> tags;
  if (size >= 3 && std::memcmp(data, "FLV", 3) == 0) {
    const std::size_t skipped = std::min(size, kFileHeader);
    data += skipped;
    size -= skipped;
  }
  while (size >= kTagHeader + kTrailer) {
    const std::size_t body = read24(data + 1);
    const std::size_t whole = kTagHeader + body + kTrailer;
    if (whole > size) break;
    if (const auto kind = kind_of(data[0], data + kTagHeader, body)) {
      const auto timestamp = static_cast<std::uint32_t>(read24(data + 4)) | static_cast<std::uint32_t>(data[7]) << 24;
      tags.push_back({*kind, timestamp, data, whole});
    }
    data += whole;
    size -= whole;
  }
  return tags;
}

std::string with_timestamp(const FlvTag& tag, std::uint32_t timestamp) {
  std::string bytes(reinterpret_cast<const char*>(tag.data), tag.size);
  bytes[4] = static_cast<char>(timestamp >> 16 & 0xff);
  bytes[5] = static_cast<char>(timestamp >> 8 & 0xff);
  bytes[6] = static_cast<char>(timestamp & 0xff);
  bytes[7] = static_cast<char>(timestamp >> 24 & 0xff);
  return bytes;
}

std::string flv_header(bool video, bool audio) {
  std::string header{"FLV\x01", 4};
  header += static_cast<char>((video ? 1 : 0) | (audio ? 4 : 0));
  header.append({0, 0, 0, 9, 0, 0, 0, 0});
  return header;
}

std::uint32_t FlvTimeline::map(std::uint64_t session, std::uint32_t timestamp, std::int64_t now) {
  const auto in = static_cast<std::int64_t>(timestamp);
  const std::int64_t step = in - last_in_;
  if (!begun_) {
    offset_ = -in;
    begun_ = true;
  } else if (session != session_ || step > kLargestStep || step < -kLargestStepBack) {
    // As much later as it came later.
    offset_ = last_out_ + std::max<std::int64_t>(now - last_time_, 1) - in;
  }
  session_ = session;
  last_in_ = in;
  last_time_ = now;
  const std::int64_t out = std::max<std::int64_t>(in + offset_, 0);
  last_out_ = std::max(last_out_, out);
  return static_cast<std::uint32_t>(out);
}

std::uint32_t FlvTimeline::fill(std::int64_t now) {
  last_out_ += std::max<std::int64_t>(now - last_time_, 1);
  last_time_ = now;
  return static_cast<std::uint32_t>(last_out_);
}

}  // namespace launcher
