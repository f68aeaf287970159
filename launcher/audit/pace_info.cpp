// pace-info.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "launcher/edge/pace_info.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "commands.hpp"
#include "common_options.hpp"
#include "launcher/edge/playlist.hpp"

namespace auditor {

namespace {

namespace fs = std::filesystem;

constexpr char kPaceAbout[] =
    "Tells edges of CDNs that go by ETSI TS 104 002 which position each segment of a film has: writes a sidecar file "
    "for each\ninto FOLDER/WMPaceInfo, or prints the header with which a segment is pushed.";
constexpr char kPaceMore[] =
    "Examples:\n  steg-audit pace-info --media film\n"
    "  curl -T film/b/000033.ts -H \"$(steg-audit pace-info --push b/000033.ts)\" http://HOST/film/b/";
constexpr char kPlaylist[] = "a/index.m3u8";

std::uint32_t position_of(const std::string& name, std::int64_t first_position) {
  const std::optional<std::uint32_t> number = launcher::segment_number(name);
  if (!number) throw UsageError(name + " is no name of a segment, such as 000033.ts");
  return static_cast<std::uint32_t>(first_position) + *number;
}

void print_header(const fs::path& segment, std::int64_t first_position) {
  const std::string variant = segment.parent_path().filename().string();
  if (variant.size() != 1 || variant[0] < 'a' || variant[0] > 'd')
    throw UsageError("--push must have the variant's folder, such as b/000033.ts");
  const std::uint32_t position = position_of(segment.filename().string(), first_position);
  std::printf("WMPaceInfoIngest: %s\n", launcher::pace_ingest(variant[0] - 'a', position).c_str());
}

void write(const fs::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  file.close();
  if (!file)
    throw std::runtime_error(path.string() +
                             " cannot be written. Check that you may write there and the disk is not full.");
}

launcher::Playlist playlist_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw std::runtime_error("There is no playlist " + path.string() + ". Give the folder that has a and b in it.");
  try {
    return launcher::Playlist(std::string(std::istreambuf_iterator<char>(file), {}));
  } catch (const launcher::PlaylistError& wrong) {
    throw std::runtime_error("The playlist " + path.string() + " cannot be read: " + wrong.what() + ".");
  }
}

void write_sidecars(const fs::path& media, std::int64_t first_position) {
  const launcher::Playlist playlist = playlist_of(media / kPlaylist);
  // The last has the highest: all are written, or none.
  launcher::pace_sidecar(position_of(playlist.names().back(), first_position));
  const fs::path folder = media / launcher::kPaceInfoFolder;
  fs::create_directories(folder);
  for (const std::string& name : playlist.names())
    write(folder / name, launcher::pace_sidecar(position_of(name, first_position)));
  std::printf("%zu sidecar files in %s\n", playlist.names().size(), folder.c_str());
}

}  // namespace

int pace_info(int argc, char** argv) {
  std::string media, push;
  std::int64_t first_position = 0;
  Options options("", kPaceAbout, kPaceMore);
  options.text('m', "media", media, "the folder with a folder for each variant", "FOLDER");
  options.text('u', "push", push, "print the header for this one, such as b/000033.ts", "SEGMENT");
  options.number('p', "first-position", first_position, "of the segment with the number 0 (default: 0)", "N");
  options.parse(argc, argv);
  if (media.empty() == push.empty()) throw UsageError("give either --media or --push");
  if (first_position < 0 || first_position > launcher::kMostPacePosition)
    throw UsageError("--first-position must be 0 to " + std::to_string(launcher::kMostPacePosition));
  if (push.empty())
    write_sidecars(media, first_position);
  else
    print_header(push, first_position);
  return kGood;
}

}  // namespace auditor
