// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pairs.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

#include "../work_folder.hpp"
#include "attack.hpp"
#include "clip.hpp"
#include "crops.hpp"
#include "frame_pictures.hpp"
#include "pipeline.hpp"
#include "process.hpp"
#include "y4m_file.hpp"

namespace blind {
namespace {

using robustness::Clip;
using Path = std::filesystem::path;

constexpr CropSize kFullCrop = {480, 360};
constexpr CropSize kPartCrop = {240, 180};  ///< at twice the size, and in strips
constexpr int kStripFrames = 4;

constexpr char kInstructions[] =
    "Each picture shows the same part of a film twice. Side A is left, in pictures of four columns above; side B is\n"
    "right or below. One of the two sides was changed a little. Write into answers.csv for each picture which one you\n"
    "take for the changed one, A or B, and how sure you are: 0 a guess, 1 a hint, 2 rather sure, 3 sure. Say a side\n"
    "even where you guess. Look at the pictures at 100%, in their order, and do not go back.\n";

struct Place {
  int frame;
  int x, y;            ///< of the crop's corner at 100%
  int part_x, part_y;  ///< of the part of it that is shown at twice the size and in strips
  std::string kind;
};

std::string crop_filter(CropSize size, int x, int y) {
  return "crop=" + std::to_string(size.width) + ":" + std::to_string(size.height) + ":" + std::to_string(x) + ":" +
         std::to_string(y);
}

/// A pair whose number and side are not drawn yet.
struct Unnamed {
  Pair pair;
  Path original, changed;
};

class Maker {
 public:
  explicit Maker(const PairOptions& options) : options_(options), random_(options.seed) {}

  int run() {
    robustness::require_elements({"framediff", "stegencode"});
    if (!std::filesystem::is_directory(options_.clips))
      throw std::runtime_error("There is no folder " + options_.clips.string() + ".");
    std::filesystem::create_directories(options_.out);
    std::vector<Path> files;
    for (const auto& entry : std::filesystem::directory_iterator(options_.clips))
      if (entry.is_regular_file() && entry.path().filename().string().find(options_.match) != std::string::npos)
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    check_places(files);
    for (const Path& file : files) {
      std::fprintf(stderr, "%s\n", file.filename().c_str());
      try {
        take(file);
      } catch (const std::exception& error) {
        if (is_listed(file.filename())) throw std::runtime_error(file.filename().string() + ": " + error.what());
        std::fprintf(stderr, "%s is left out: %s\n", file.filename().c_str(), error.what());
      }
    }
    if (pairs_.empty())
      throw std::runtime_error("There is no clip in " + options_.clips.string() + " to make pairs of.");
    return write();
  }

 private:
  bool is_listed(const std::string& clip) const {
    return std::any_of(options_.places.begin(), options_.places.end(),
                       [&](const ListedPlace& place) { return place.clip == clip; });
  }

  void check_places(const std::vector<Path>& files) const {
    for (const ListedPlace& place : options_.places)
      if (std::none_of(files.begin(), files.end(), [&](const Path& file) { return file.filename() == place.clip; }))
        throw std::runtime_error("There is no clip " + place.clip + " in " + options_.clips.string() + ".");
  }

  int draw(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

  void take(const Path& file) {
    const WorkFolder folder;
    const Clip clip =
        robustness::mark({file, false, 0}, {"TRACE-7", options_.seconds, options_.strength, 1, options_.encoder, true},
                         folder.path(), [](const Clip&, int, const auto&, const auto&) {});
    const std::vector<Place> places = places_of(clip);
    for (const Place& place : places) add_stills(clip, place, kMark, clip.marked, folder.path());
    add_strip(clip, places.front(), folder.path());
    if (!options_.x264) return;
    const Path coded = perform(robustness::parse_attack("crf16"), clip, clip.original, false, folder.path());
    for (const Place& place : places) add_stills(clip, place, kX264, coded, folder.path());
  }

  std::vector<Place> places_of(const Clip& clip) {
    std::vector<Place> places;
    for (const ListedPlace& place : options_.places) {
      if (place.clip != clip.name()) continue;
      const CropSize size = fitted(kFullCrop, clip.width, clip.height);
      if (place.frame >= clip.frames || place.x + size.width > clip.width || place.y + size.height > clip.height)
        throw std::runtime_error("a place listed lies outside of its " + std::to_string(clip.frames) + " frames of " +
                                 std::to_string(clip.width) + "x" + std::to_string(clip.height));
      places.push_back(centred(place.frame, place.x / 2 * 2, place.y / 2 * 2, "listed", clip));
    }
    if (places.empty())
      places = {chosen(clip, draw(clip.frames), "smooth", smooth),
                chosen(clip, draw(clip.frames), "textured", textured)};
    return places;
  }

  static Place centred(int frame, int x, int y, const std::string& kind, const Clip& clip) {
    const CropSize full = fitted(kFullCrop, clip.width, clip.height);
    const CropSize part = fitted(kPartCrop, full.width, full.height);
    return {frame, x, y, x + (full.width - part.width) / 4 * 2, y + (full.height - part.height) / 4 * 2, kind};
  }

  /// By one rule in the whole frame, and again within the place that it gives.
  static Place chosen(const Clip& clip, int frame, const std::string& kind, Crop (*rule)(std::vector<Crop>)) {
    robustness::Y4mReader originals(clip, clip.original);
    robustness::Y4mReader marks(clip, clip.marked);
    const robustness::Planes& original = originals.frame(frame);
    const robustness::Planes& marked = marks.frame(frame);
    const CropSize full = fitted(kFullCrop, clip.width, clip.height);
    const CropSize part = fitted(kPartCrop, full.width, full.height);
    const Crop crop = rule(crops_of(original, marked, full));
    Place place = centred(frame, crop.x, crop.y, kind, clip);
    std::vector<Crop> within = crops_of(original, marked, part);
    within.erase(std::remove_if(within.begin(), within.end(),
                                [&](const Crop& one) {
                                  return one.x < crop.x || one.x + part.width > crop.x + full.width || one.y < crop.y ||
                                         one.y + part.height > crop.y + full.height;
                                }),
                 within.end());
    if (within.empty()) return place;
    const Crop detail = rule(std::move(within));
    place.part_x = detail.x;
    place.part_y = detail.y;
    return place;
  }

  void add_stills(const Clip& clip, const Place& place, const char* what, const Path& copy, const Path& folder) {
    const robustness::FramePictures original(clip, clip.original, {place.frame}, folder, "original");
    const robustness::FramePictures changed(clip, copy, {place.frame}, folder, "changed");
    const CropSize full = fitted(kFullCrop, clip.width, clip.height);
    const CropSize part = fitted(kPartCrop, full.width, full.height);
    Pair pair{"", kFullSize, what, 'A', place.kind, place.frame, place.x, place.y, clip.name()};
    add(pair, original, changed, crop_filter(full, place.x, place.y));
    pair.view = kTwice;
    pair.x = place.part_x;
    pair.y = place.part_y;
    add(pair, original, changed,
        crop_filter(part, place.part_x, place.part_y) + ",scale=iw*2:ih*2:flags=lanczos+accurate_rnd");
  }

  /// Two frames before and two after a change of epoch, if there is one.
  void add_strip(const Clip& clip, const Place& place, const Path& folder) {
    if (clip.frames < kStripFrames) return;
    int first = std::min(place.frame, clip.frames - kStripFrames);
    for (const int key : clip.key_frames)
      if (key >= kStripFrames / 2 && key + kStripFrames / 2 <= clip.frames) first = key - kStripFrames / 2;
    std::vector<int> numbers;
    for (int i = 0; i < kStripFrames; ++i) numbers.push_back(first + i);
    const robustness::FramePictures original(clip, clip.original, numbers, folder, "original");
    const robustness::FramePictures changed(clip, clip.marked, numbers, folder, "changed");
    const CropSize full = fitted(kFullCrop, clip.width, clip.height);
    const CropSize part = fitted(kPartCrop, full.width, full.height);
    add({"", kStrip, kMark, 'A', place.kind, first, place.part_x, place.part_y, clip.name()}, original, changed,
        crop_filter(part, place.part_x, place.part_y) + ",tile=" + std::to_string(kStripFrames) +
            "x1:padding=4:color=gray");
  }

  /// The first picture that the filter gives of each side.
  void add(const Pair& pair, const robustness::FramePictures& original, const robustness::FramePictures& changed,
           const std::string& filter) {
    const std::string name = std::to_string(pairs_.size());
    Unnamed made{pair, sides_.path() / (name + "-original.png"), sides_.path() / (name + "-changed.png")};
    std::filesystem::copy_file(original.png(filter).front(), made.original);
    std::filesystem::copy_file(changed.png(filter).front(), made.changed);
    pairs_.push_back(std::move(made));
  }

  /// At 100% first: whoever has seen a place at twice the size knows what to look for.
  int write() {
    std::shuffle(pairs_.begin(), pairs_.end(), random_);
    std::stable_partition(pairs_.begin(), pairs_.end(), [](const Unnamed& made) { return made.pair.view != kTwice; });
    std::vector<Pair> key;
    for (Unnamed& made : pairs_) {
      char name[32];
      std::snprintf(name, sizeof name, "pair-%03d", static_cast<int>(key.size()) + 1);
      made.pair.name = name;
      made.pair.side = draw(2) == 0 ? 'A' : 'B';
      const bool first = made.pair.side == 'A';
      const bool strip = made.pair.view == kStrip;
      robustness::run_program(
          {"ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", (first ? made.changed : made.original).string(),
           "-i", (first ? made.original : made.changed).string(), "-filter_complex",
           strip ? "[0]pad=iw:ih+10:0:0:color=gray[a];[a][1]vstack" : "[0]pad=iw+10:ih:0:0:color=gray[a];[a][1]hstack",
           "-frames:v", "1", (options_.out / (made.pair.name + ".png")).string()});
      key.push_back(made.pair);
    }
    write_key(key, options_.key);
    write_blank_answers(key, options_.out / "answers.csv");
    std::ofstream(options_.out / "README.txt") << kInstructions;
    return static_cast<int>(key.size());
  }

  const PairOptions& options_;
  std::mt19937_64 random_;
  WorkFolder sides_;
  std::vector<Unnamed> pairs_;
};

}  // namespace

ListedPlace parse_place(const std::string& text) {
  // The clip's name may hold colons itself.
  const std::size_t second = text.rfind(':');
  const std::size_t first =
      second == std::string::npos || second == 0 ? std::string::npos : text.rfind(':', second - 1);
  if (first != std::string::npos && first > 0) {
    std::istringstream numbers(text.substr(first + 1));
    ListedPlace place;
    char colon = 0;
    char comma = 0;
    if ((numbers >> place.frame >> colon >> place.x >> comma >> place.y) && numbers.eof() && colon == ':' &&
        comma == ',' && place.frame >= 0 && place.x >= 0 && place.y >= 0) {
      place.clip = text.substr(0, first);
      return place;
    }
  }
  throw std::invalid_argument("\"" + text + "\" is no place: CLIP:FRAME:X,Y is wanted, such as talk.mp4:40:320,96.");
}

int make_pairs(const PairOptions& options) { return Maker(options).run(); }

}  // namespace blind
