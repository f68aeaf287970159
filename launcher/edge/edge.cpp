// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edge.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <utility>

#include "plugins/auditlog/event.hpp"

namespace launcher {

namespace {

constexpr unsigned kUnauthorized = 401;
constexpr unsigned kForbidden = 403;
constexpr unsigned kNotFound = 404;
constexpr unsigned kUnavailable = 503;

/// So many segments at the end of a playlist are looked at for the bit rate.
constexpr std::size_t kMostMeasured = 64;

/// Of EXT-X-STREAM-INF: what RFC 8216, 4.3.4.2 has of a picture.
std::string attributes(const SegmentFormat& picture) {
  std::string text;
  if (picture.width > 0 && picture.height > 0)
    text += ",RESOLUTION=" + std::to_string(picture.width) + "x" + std::to_string(picture.height);
  if (picture.frames_in_1000s > 0) {
    std::string rest = std::to_string(1000 + picture.frames_in_1000s % 1000);
    text += ",FRAME-RATE=" + std::to_string(picture.frames_in_1000s / 1000) + "." + rest.substr(1);
  }
  return text;
}

std::string letter(int variant) { return std::string(1, static_cast<char>('a' + variant)); }

}  // namespace

Edge::Edge(MediaSettings settings, TokenOffice& office, FormatReader format)
    : settings_(std::move(settings)), office_(office), format_(std::move(format)) {}

std::string Edge::path_of(const std::string& folder, std::string_view name) const {
  return (std::filesystem::path(settings_.folder) / folder / name).string();
}

const Playlist& Edge::playlist_of(const std::string& folder) {
  const std::string path = path_of(folder, settings_.playlist);
  std::error_code error;
  const auto time = std::filesystem::last_write_time(path, error);
  const auto size = error ? 0 : std::filesystem::file_size(path, error);
  if (error) throw EdgeRefusal(kUnavailable, "There is no playlist " + path + ".");
  const auto known = lists_.find(folder);
  if (known != lists_.end() && known->second.time == time && known->second.size == size) return known->second.playlist;
  std::ifstream file(path, std::ios::binary);
  try {
    Playlist playlist(std::string(std::istreambuf_iterator<char>(file), {}));
    return lists_.insert_or_assign(folder, Read{time, size, std::move(playlist)}).first->second.playlist;
  } catch (const PlaylistError& wrong) {
    throw EdgeRefusal(kUnavailable, "The playlist " + path + " cannot be served: " + wrong.what() + ".");
  }
}

Playlist Edge::playlist() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Playlist* shortest = nullptr;
  for (int variant = 0; variant < office_.variants(); ++variant) {
    const Playlist& one = playlist_of(letter(variant));
    // What all variants have: one of them may be written a moment before the others.
    if (!shortest || one.last() < shortest->last()) shortest = &one;
  }
  return *shortest;
}

std::optional<Playlist> Edge::sound_of(const Playlist& picture) {
  if (!has_sound()) return std::nullopt;
  const std::lock_guard<std::mutex> lock(mutex_);
  // Of a film the sound may go on when the picture has ended.
  const std::uint32_t last = picture.ended() ? std::numeric_limits<std::uint32_t>::max() : picture.last();
  return playlist_of(kSound).within(picture.segments().front().number, last);
}

bool Edge::has_sound() const {
  std::error_code error;
  return std::filesystem::is_regular_file(path_of(kSound, settings_.playlist), error);
}

std::optional<SegmentFormat> Edge::format_of(const std::string& folder, const Playlist& list) {
  const std::string path = path_of(folder, list.segments().back().name);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto known = formats_.find(folder);
    if (known != formats_.end() && known->second.path == path) return known->second.format;
  }
  std::optional<SegmentFormat> format = format_(path);
  const std::lock_guard<std::mutex> lock(mutex_);
  formats_.insert_or_assign(folder, Formatted{path, format});
  return format;
}

std::string Edge::master() {
  // The largest of those of any variant, which is what a player has to reckon with.
  const auto peak = [this](const Playlist& list, const std::string& folder) {
    double bits = 0;
    const auto& segments = list.segments();
    for (std::size_t i = segments.size() - std::min(segments.size(), kMostMeasured); i < segments.size(); ++i) {
      std::error_code error;
      const auto size = std::filesystem::file_size(path_of(folder, segments[i].name), error);
      if (!error && segments[i].seconds > 0) bits = std::max(bits, 8 * static_cast<double>(size) / segments[i].seconds);
    }
    return bits;
  };
  const Playlist picture = playlist();
  double bits = 1;
  for (int variant = 0; variant < office_.variants(); ++variant) bits = std::max(bits, peak(picture, letter(variant)));
  std::string text = "#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-INDEPENDENT-SEGMENTS\n";
  const std::optional<Playlist> sound = sound_of(picture);
  // Variants differ in their marks only. CODECS names the formats of both renditions or is not there.
  const std::optional<SegmentFormat> format = format_of(letter(0), picture);
  std::string codecs = format ? format->codec : "";
  if (sound) {
    bits += peak(*sound, kSound);
    const std::optional<SegmentFormat> sound_format = format_of(kSound, *sound);
    codecs = format && sound_format ? format->codec + "," + sound_format->codec : "";
    text += std::string("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"sound\",DEFAULT=YES,AUTOSELECT=YES,URI=\"") +
            kSound + "/" + settings_.playlist + "\"\n";
  }
  text += "#EXT-X-STREAM-INF:BANDWIDTH=" + std::to_string(static_cast<std::uint64_t>(bits));
  if (!codecs.empty()) text += ",CODECS=\"" + codecs + "\"";
  if (format) text += attributes(*format);
  if (sound) text += ",AUDIO=\"sound\"";
  return text + "\n" + settings_.playlist + "\n";
}

std::string Edge::file_of(const std::string& folder, std::string_view name) const {
  std::string path = path_of(folder, name);
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    throw EdgeRefusal(kUnavailable, "The file of that segment is missing: " + path + ".");
  return path;
}

Served Edge::serve(std::string_view token, std::string_view name) {
  if (token.empty()) throw EdgeRefusal(kUnauthorized, "A request needs a token: /watch/TOKEN/index.m3u8.");
  try {
    return serve(office_.verify(token), name);
  } catch (const tokens::TokenError& error) {
    throw EdgeRefusal(kForbidden, std::string("This token is not taken: ") + error.what() + ".");
  } catch (const audit::AuditError& error) {
    throw EdgeRefusal(kUnavailable, error.what());
  }
}

Served Edge::serve(const TokenOffice::Holder& holder, std::string_view name) {
  Served served;
  served.token = holder.token;
  served.viewer = holder.viewer;
  const std::string of_sound = std::string(kSound) + "/";
  const bool is_sound = name.substr(0, of_sound.size()) == of_sound && has_sound();
  const auto list = [this, is_sound] {
    Playlist picture = playlist();
    if (!is_sound) return picture;
    std::optional<Playlist> sound = sound_of(picture);
    if (!sound) throw EdgeRefusal(kUnavailable, "There is no sound for the picture's segments.");
    return std::move(*sound);
  };
  if (is_sound) {
    served.folder = kSound;
    name.remove_prefix(of_sound.size());
  }
  if (name == settings_.playlist) {
    served.text = list().text();
    return served;
  }
  if (name == kMaster && !is_sound) {
    served.text = master();
    return served;
  }
  const std::optional<std::uint32_t> number = segment_number(name);
  if (!number)
    throw EdgeRefusal(kNotFound, "There is nothing of that name: only the playlists and their segments are.");
  if (!list().has(*number)) throw EdgeRefusal(kNotFound, "That segment is not in the playlist, or not any more.");
  if (!is_sound) served.folder = letter(office_.variant(holder, settings_.first_position + *number));
  served.path = file_of(served.folder, name);
  return served;
}

Served Edge::serve_path(std::string_view path) {
  const std::string_view prefix = kPrefix;
  const std::string_view rest = path.substr(0, path.find('?'));
  if (rest.substr(0, prefix.size()) != prefix) throw EdgeRefusal(kUnauthorized, "A request needs a token.");
  const std::string_view both = rest.substr(prefix.size());
  const std::size_t slash = both.find('/');
  if (slash == std::string_view::npos) throw EdgeRefusal(kUnauthorized, "A request needs a token and a name.");
  return serve(both.substr(0, slash), both.substr(slash + 1));
}

std::optional<std::uint32_t> Edge::position(std::string_view path) const {
  const std::string_view rest = path.substr(0, path.find('?'));
  const std::optional<std::uint32_t> number = segment_number(rest.substr(rest.rfind('/') + 1));
  if (!number) return std::nullopt;
  return settings_.first_position + *number;
}

}  // namespace launcher
