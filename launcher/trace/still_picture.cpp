// SPDX-License-Identifier: LGPL-2.1-or-later
#include "still_picture.hpp"

#include <cstdlib>
#include <fstream>
#include <string_view>

namespace trace {
namespace {

constexpr unsigned kTiffWidth = 256;
constexpr unsigned kTiffHeight = 257;
constexpr unsigned kTiffShort = 3;

/// The bytes at a place in the file; fewer where it ends.
std::string bytes_at(std::ifstream& stream, std::uint32_t place, std::size_t count) {
  std::string bytes(count, '\0');
  stream.clear();
  stream.seekg(place);
  stream.read(bytes.data(), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return bytes;
}

std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t size, bool big_endian = false) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size && at + size <= bytes.size(); ++i) {
    const std::size_t place = big_endian ? at + i : at + size - 1 - i;
    value = value << 8 | static_cast<unsigned char>(bytes[place]);
  }
  return value;
}

std::optional<PictureSize> tiff_size(std::ifstream& stream, std::string_view start) {
  const bool big_endian = start[0] == 'M';
  const std::uint32_t directory = number(start, 4, 4, big_endian);
  const std::uint32_t count = number(bytes_at(stream, directory, 2), 0, 2, big_endian);
  const std::string entries = bytes_at(stream, directory + 2, count * std::size_t{12});
  PictureSize size;
  for (std::size_t at = 0; at + 12 <= entries.size(); at += 12) {
    const std::uint32_t tag = number(entries, at, 2, big_endian);
    const bool is_short = number(entries, at + 2, 2, big_endian) == kTiffShort;
    const std::uint32_t value = number(entries, at + 8, is_short ? 2 : 4, big_endian);
    if (tag == kTiffWidth) size.width = value;
    if (tag == kTiffHeight) size.height = value;
  }
  if (size.width == 0 || size.height == 0) return std::nullopt;
  return size;
}

bool begins(std::string_view bytes, std::string_view with) { return bytes.substr(0, with.size()) == with; }

}  // namespace

std::optional<PictureSize> gdk_picture_size(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string start = bytes_at(stream, 0, 26);
  if (begins(start, "GIF8") && start.size() >= 10) return PictureSize{number(start, 6, 2), number(start, 8, 2)};
  if (begins(start, "BM") && start.size() >= 26) {
    constexpr std::uint32_t kShortHeader = 12;
    if (number(start, 14, 4) == kShortHeader) return PictureSize{number(start, 18, 2), number(start, 20, 2)};
    // A negative height: the rows go from the top down.
    return PictureSize{number(start, 18, 4),
                       std::abs(static_cast<std::int64_t>(static_cast<std::int32_t>(number(start, 22, 4))))};
  }
  if (begins(start, std::string_view("II*\0", 4)) || begins(start, std::string_view("MM\0*", 4)))
    return tiff_size(stream, start);
  return std::nullopt;
}

std::string advice_for_picture(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string start = bytes_at(stream, 0, 32);
  if (start.size() >= 12 && start.substr(4, 4) == "ftyp") {
    const std::string brand = start.substr(8, 4);
    const bool avif = brand == "avif" || brand == "avis";
    if (avif || brand == "heic" || brand == "heix" || brand == "hevc" || brand == "mif1" || brand == "msf1")
      return std::string("It is a picture of the format ") + (avif ? "AVIF" : "HEIC or AVIF") +
             ", which is not read. Convert it first, such as with heif-convert (Debian's package libheif-examples).";
  }
  constexpr char kAnimation = 2;
  if (start.size() > 20 && begins(start, "RIFF") && start.substr(8, 8) == "WEBPVP8X" && (start[20] & kAnimation) != 0)
    return "It is an animated WebP, which is not read. Take a picture out of it first, such as with webpmux -get frame "
           "1 "
           "(Debian's package webp).";
  return "";
}

}  // namespace trace
