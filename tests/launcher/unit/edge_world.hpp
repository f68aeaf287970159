// A film, an office of tokens and an edge, for the tests of the edge.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "launcher/edge/edge.hpp"

namespace edge_test {

using namespace launcher;

inline constexpr audit::WallTime kNow = 1795347000000000;  // 2026-11-22T11:30:00Z
inline constexpr audit::WallTime kMinute = 60000000;

inline const steg::Key& key() {
  static const steg::Key value = steg::Key::from_hex(std::string(64, '5'));
  return value;
}

/// A film of ten segments of 2 s in two variants, an office and an edge.
struct World {
  World() {
    std::string name = (std::filesystem::temp_directory_path() / "steg-edge-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    std::string list = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n";
    for (int i = 0; i < 10; ++i) list += "#EXTINF:2,\n" + segment(i) + "\n";
    for (const char* variant : {"a", "b"}) {
      std::filesystem::create_directory(folder / variant);
      write(variant, "index.m3u8", list + "#EXT-X-ENDLIST\n");
      for (int i = 0; i < 10; ++i) write(variant, segment(i), variant + std::to_string(i));
    }
    start();
  }
  ~World() {
    office.reset();
    std::error_code error;
    std::filesystem::remove_all(folder, error);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  static std::string segment(int i) { return "00000" + std::to_string(i) + ".ts"; }
  void write(const std::string& variant, const std::string& name, const std::string& text) const {
    std::ofstream(folder / variant / name, std::ios::binary) << text;
  }
  std::string database() const { return "sqlite:" + (folder / "audit.db").string(); }
  void start() {
    office.reset();
    OfficeSettings settings;
    settings.first_position = 500;
    settings.log.database = database();
    settings.log.stream = audit::kTokenStream;
    settings.token_key = token_key;
    office = std::make_unique<TokenOffice>(settings, key(), audit::Listener{}, [this] { return now; });
    edge = std::make_unique<Edge>(MediaSettings{folder.string(), "index.m3u8", 500}, *office,
                                  [this](const std::string& path) {
                                    asked.push_back(path);
                                    return formats[std::filesystem::path(path).parent_path().filename()];
                                  });
  }
  std::string token(const std::string& viewer = "alice") const {
    return office->issue(viewer, "192.0.2.7", 10, TokenFormat::jwt).token;
  }
  /// HTTP status, 200 for what is served.
  unsigned status(const std::string& path) const {
    try {
      edge->serve_path(path);
      return 200;
    } catch (const EdgeRefusal& refusal) {
      CHECK(std::string(refusal.what()).size() > 10);
      return refusal.status();
    }
  }
  unsigned status_of(const std::string& token) const { return status("/watch/" + token + "/" + segment(3)); }

  std::filesystem::path folder;
  std::map<std::string, std::optional<SegmentFormat>> formats;  ///< of what is in each folder
  std::vector<std::string> asked;
  audit::WallTime now = kNow;
  std::optional<tokens::Es256Key> token_key;
  std::unique_ptr<TokenOffice> office;
  std::unique_ptr<Edge> edge;
};

}  // namespace edge_test
