// SPDX-License-Identifier: LGPL-2.1-or-later
#include "flv_source.hpp"

#include <array>
#include <cstring>
#include <optional>
#include <string_view>

#include "flv_tag.hpp"

namespace launcher {
namespace {

constexpr int kSequenceStart = 0;

struct Body {
  const std::uint8_t* data;
  std::size_t size;
  int at(std::size_t i) const { return i < size ? data[i] : -1; }
  Body from(std::size_t n) const { return n < size ? Body{data + n, size - n} : Body{data, 0}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(data), size}; }
};

std::string codec_name(std::string_view four) {
  struct Name {
    std::string_view four;
    const char* name;
  };
  static constexpr std::array<Name, 13> kNames{{{"hvc1", "HEVC"},
                                                {"hev1", "HEVC"},
                                                {"av01", "AV1"},
                                                {"vp08", "VP8"},
                                                {"vp09", "VP9"},
                                                {"vvc1", "VVC"},
                                                {"avc1", "H.264 in Enhanced RTMP"},
                                                {"Opus", "Opus"},
                                                {"fLaC", "FLAC"},
                                                {"ac-3", "AC-3"},
                                                {"ec-3", "E-AC-3"},
                                                {".mp3", "MP3 in Enhanced RTMP"},
                                                {"mp4a", "AAC in Enhanced RTMP"}}};
  for (const Name& known : kNames) {
    if (known.four == four) return known.name;
  }
  return "in a codec that is not known";
}

/// From an HEVCDecoderConfigurationRecord.
std::string hevc_profile(const Body& record) {
  switch (record.size > 1 ? record.at(1) & 31 : 0) {
    case 1:
      return ", profile Main";
    case 2:
      return ", profile Main 10";
    case 3:
      return ", profile Main Still Picture";
    case 4:
      return ", profile Range Extensions";
    default:
      return "";
  }
}

/// From an AV1CodecConfigurationRecord.
std::string av1_profile(const Body& record) {
  if (record.size < 3) return "";
  static constexpr std::array<const char*, 3> kProfiles{"Main", "High", "Professional"};
  const auto profile = static_cast<std::size_t>(record.at(1) >> 5);
  const bool ten_bit = (record.at(2) & 0x40) != 0;
  return profile < kProfiles.size() ? std::string(", profile ") + kProfiles[profile] + (ten_bit ? " (10 bit)" : "")
                                    : "";
}

std::string picture_of(const Body& body) {
  const int first = body.at(0);
  if (first < 0) return "";
  if ((first & 0x80) != 0) {
    std::string name = codec_name(body.from(1).text().substr(0, 4));
    if ((first & 15) != kSequenceStart) return name;
    if (name == "HEVC") return name + hevc_profile(body.from(5));
    if (name == "AV1") return name + av1_profile(body.from(5));
    return name;
  }
  const int codec = first & 15;
  if (codec == 12) return "HEVC" + (body.at(1) == kSequenceStart ? hevc_profile(body.from(5)) : "");
  if (codec == 13) return "AV1" + (body.at(1) == kSequenceStart ? av1_profile(body.from(5)) : "");
  return codec > 7 ? codec_name("") : "";
}

std::string sound_of(const Body& body) {
  const int first = body.at(0);
  if (first < 0) return "";
  if (first >> 4 == 9) return codec_name(body.from(1).text().substr(0, 4));
  return first >> 4 == 12 || first >> 4 == 13 || first >> 4 == 15 ? codec_name("") : "";
}

/// The value of videocodecid in the metadata: a number (AMF 0 type 0) or a text (type 2) of four letters.
std::string announced_by(const Body& body) {
  static constexpr std::string_view kName = "videocodecid";
  const std::size_t found = body.text().find(kName);
  if (found == std::string_view::npos) return "";
  const Body value = body.from(found + kName.size());
  if (value.at(0) == 2 && value.size >= 7) {
    const std::string name = codec_name(value.text().substr(3, 4));
    return value.text().substr(3, 4) == "avc1" ? "" : name;
  }
  if (value.at(0) != 0 || value.size < 9) return "";
  std::uint64_t bits = 0;
  for (std::size_t i = 1; i <= 8; ++i) bits = bits << 8 | static_cast<std::uint64_t>(value.at(i));
  double number = 0;
  std::memcpy(&number, &bits, sizeof number);
  if (number == 12) return "HEVC";
  if (number == 13) return "AV1";
  if (!(number >= 0x20202020) || !(number <= 0x7f7f7f7f)) return "";
  std::string four;
  for (int shift = 24; shift >= 0; shift -= 8)
    four += static_cast<char>(static_cast<std::uint32_t>(number) >> shift & 0xff);
  return four == "avc1" ? "" : codec_name(four);
}

}  // namespace

bool FlvSource::look(const std::uint8_t* data, std::size_t size) {
  if (size >= 3 && std::memcmp(data, "FLV", 3) == 0) {
    const std::size_t skipped = size < kFileHeader ? size : kFileHeader;
    data += skipped;
    size -= skipped;
  }
  std::size_t tags = 0;
  bool known = true;
  while (size >= kTagHeader + kTrailer) {
    const std::size_t body = static_cast<std::size_t>(data[1]) << 16 | static_cast<std::size_t>(data[2]) << 8 | data[3];
    const std::size_t whole = kTagHeader + body + kTrailer;
    if (whole > size) break;
    known = look_at_tag(data[0], data + kTagHeader, body);
    ++tags;
    data += whole;
    size -= whole;
  }
  return known || tags != 1 || size != 0;
}

bool FlvSource::look_at_tag(std::uint8_t type, const std::uint8_t* bytes, std::size_t size) {
  const Body body{bytes, size};
  has_media_ = has_media_ || type == 8 || type == 9;
  if (type == 18 && !known_picture_) announced_ = announced_by(body);
  if (type == 9) {
    const std::string name = picture_of(body);
    known_picture_ = name.empty();
    // The tag with the codec's configuration names the profile, the others do not.
    if (name.size() > picture_.size() || name.empty()) picture_ = name;
    if (known_picture_) announced_.clear();
    return known_picture_;
  }
  if (type == 8) {
    sound_ = sound_of(body);
    return sound_.empty();
  }
  return true;
}

}  // namespace launcher
