// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edge.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "plugins/auditlog/event.hpp"

namespace launcher {

namespace {

constexpr unsigned kUnauthorized = 401;
constexpr unsigned kForbidden = 403;
constexpr unsigned kNotFound = 404;
constexpr unsigned kUnavailable = 503;

char letter(int variant) { return static_cast<char>('a' + variant); }

}  // namespace

Edge::Edge(MediaSettings settings, TokenOffice& office) : settings_(std::move(settings)), office_(office) {}

std::string Edge::variant_path(int variant, const std::string& name) const {
  return (std::filesystem::path(settings_.folder) / std::string(1, letter(variant)) / name).string();
}

const Playlist& Edge::playlist_of(int variant) {
  const std::string path = variant_path(variant, settings_.playlist);
  std::error_code error;
  const auto time = std::filesystem::last_write_time(path, error);
  const auto size = error ? 0 : std::filesystem::file_size(path, error);
  if (error) throw EdgeRefusal(kUnavailable, "There is no playlist " + path + ".");
  const auto known = lists_.find(variant);
  if (known != lists_.end() && known->second.time == time && known->second.size == size) return known->second.playlist;
  std::ifstream file(path, std::ios::binary);
  try {
    Playlist playlist(std::string(std::istreambuf_iterator<char>(file), {}));
    return lists_.insert_or_assign(variant, Read{time, size, std::move(playlist)}).first->second.playlist;
  } catch (const PlaylistError& wrong) {
    throw EdgeRefusal(kUnavailable, "The playlist " + path + " cannot be served: " + wrong.what() + ".");
  }
}

Playlist Edge::playlist() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Playlist* shortest = nullptr;
  for (int variant = 0; variant < office_.variants(); ++variant) {
    const Playlist& one = playlist_of(variant);
    // What all variants have: one of them may be written a moment before the others.
    if (!shortest || one.last() < shortest->last()) shortest = &one;
  }
  return *shortest;
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
  if (name == settings_.playlist) {
    served.text = playlist().text();
    return served;
  }
  const std::optional<std::uint32_t> number = segment_number(name);
  if (!number) throw EdgeRefusal(kNotFound, "There is nothing of that name: only the playlist and its segments are.");
  if (!playlist().has(*number)) throw EdgeRefusal(kNotFound, "That segment is not in the playlist, or not any more.");
  const int variant = office_.variant(holder, settings_.first_position + *number);
  served.variant = letter(variant);
  served.path = variant_path(variant, std::string(name));
  std::error_code error;
  if (!std::filesystem::is_regular_file(served.path, error))
    throw EdgeRefusal(kUnavailable, "The file of that segment is missing: " + served.path + ".");
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
