// SPDX-License-Identifier: LGPL-2.1-or-later
#include "attack.hpp"

#include <algorithm>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "parts.hpp"
#include "process.hpp"

namespace robustness {
namespace {

/// The number that stands for N, 0 if the pattern has none; nothing if the name does not fit the pattern.
std::optional<double> matched(const std::string& pattern, const std::string& name) {
  const std::size_t place = pattern.find('N');
  if (place == std::string::npos) return name == pattern ? std::optional<double>(0) : std::nullopt;
  const std::string after = pattern.substr(place + 1);
  if (name.size() <= pattern.size() - 1 || name.compare(0, place, pattern, 0, place) != 0 ||
      name.compare(name.size() - after.size(), after.size(), after) != 0)
    return std::nullopt;
  const std::string number = name.substr(place, name.size() - place - after.size());
  if (number.find_first_not_of("0123456789.") != std::string::npos) return std::nullopt;
  std::istringstream stream(number);
  double value = 0;
  if (!(stream >> value) || !stream.eof()) return std::nullopt;
  return value;
}

Stage parse_stage(const std::string& name) {
  for (const Part& part : parts())
    if (const auto number = matched(part.pattern, name)) return part.make(*number);
  throw std::invalid_argument("There is no attack \"" + name + "\". The parts of attacks, joined by \"+\", are:\n" +
                              describe_parts());
}

/// The steps of an attack, each from one file to the next.
class Steps {
 public:
  Steps(const Clip& clip, const std::filesystem::path& input, bool streamed, const std::filesystem::path& folder)
      : folder_(folder), file_(input), context_{clip.rate(), {}} {
    if (streamed) context_.key_frames = clip.key_frames;
    // 4:2:0 codecs take even sides only.
    if (clip.width % 2 != 0 || clip.height % 2 != 0) filters_ = "crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0";
  }

  void add(const Stage& stage) {
    if (!stage.filter.empty()) {
      filters_ += (filters_.empty() ? "" : ",") + stage.filter;
      context_.key_frames.clear();
      if (stage.rate > 0) context_.rate = stage.rate;
    } else if (stage.encoder) {
      encode(stage.encoder(context_));
    } else {
      finish_filters();
      const auto next = next_file();
      run_pipeline("filesrc location=" + quoted(file_) + " ! decodebin ! " + stage.elements +
                   " ! filesink location=" + quoted(next));
      file_ = next;
      context_.key_frames.clear();
    }
  }

  std::filesystem::path finish() {
    finish_filters();
    return file_;
  }

 private:
  std::filesystem::path next_file() { return folder_ / ("step" + std::to_string(++steps_) + ".mkv"); }

  void encode(const std::vector<std::string>& options) {
    const auto next = next_file();
    std::vector<std::string> command = {"ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", file_.string(), "-an"};
    if (!filters_.empty()) command.insert(command.end(), {"-vf", filters_});
    command.insert(command.end(), {"-pix_fmt", "yuv420p", "-threads", "1"});
    command.insert(command.end(), options.begin(), options.end());
    command.push_back(next);
    run_program(command);
    file_ = next;
    filters_.clear();
    context_.key_frames.clear();
  }

  void finish_filters() {
    if (!filters_.empty()) encode({"-c:v", "libx264", "-preset", "ultrafast", "-qp", "0"});
  }

  std::filesystem::path folder_;
  std::filesystem::path file_;
  CodingContext context_;
  std::string filters_;
  int steps_ = 0;
};

}  // namespace

bool Attack::applies_to(const Clip& clip) const {
  return std::all_of(stages.begin(), stages.end(), [&](const Stage& stage) {
    return clip.height > stage.lines && clip.rate() > stage.rate && clip.frames >= stage.start * clip.rate() &&
           (!stage.landscape || clip.width > clip.height);
  });
}

bool Attack::is_traced() const {
  return std::any_of(stages.begin(), stages.end(), [](const Stage& stage) { return stage.traced; });
}

double Attack::seen() const { return stages.empty() ? 0 : stages.front().seen; }

Attack parse_attack(const std::string& name) {
  Attack attack;
  attack.name = name;
  if (name == kNoAttack) return attack;
  // Another '+' at the end makes getline() return the empty part behind the last one.
  std::istringstream stream(name + "+");
  for (std::string part; std::getline(stream, part, '+');) attack.stages.push_back(parse_stage(part));
  if (attack.stages.size() > 1 &&
      std::any_of(attack.stages.begin(), attack.stages.end(), [](const Stage& stage) { return stage.seen > 0; }))
    throw std::invalid_argument("\"" + name + "\": subtract is an attack by itself, not a part of others.");
  return attack;
}

std::string describe_parts() {
  std::string out;
  for (const Part& part : parts())
    out += "  " + part.pattern +
           std::string(std::max<std::size_t>(14, part.pattern.size()) - part.pattern.size(), ' ') + part.words + "\n";
  return out;
}

std::vector<std::string> all_attacks() {
  return {kNoAttack,
          "crf23",
          "crf28",
          "crf33",
          "crf38",
          "crf43",
          "crf48",
          "kbps300",
          "kbps600",
          "kbps1000",
          "kbps2000",
          "kbps4000",
          "x265-crf28",
          "x265-crf35",
          "vp9-kbps300",
          "vp9-kbps600",
          "av1-kbps300",
          "av1-kbps600",
          "crf23+crf28",
          "crf28+crf33",
          "720p+crf28",
          "480p+crf28",
          "360p+crf28",
          "360p+crf33",
          "jpeg50",
          "jpeg25",
          "blur1.5",
          "noise8",
          "sharpen1",
          "gamma1.4",
          "brightness10",
          "contrast1.3",
          "saturation1.6",
          "grey",
          "blur1.5+crf28",
          "noise8+crf28",
          "contrast1.3+crf28",
          "grey+crf28",
          "saturation1.5+hue15+crf28",
          "fps25+crf28",
          "fps15+crf28",
          "logo+crf28",
          "subtitles+crf28",
          "cover30+crf28",
          "screen+crf30"};
}

std::vector<std::string> quick_attacks() {
  return {"crf23", "crf28", "crf33", "crf38", "kbps600", "480p+crf28", "jpeg25", "blur1.5", "screen+crf30"};
}

std::vector<std::string> still_attacks() { return {"crf28", "crf33", "crf38", "kbps300"}; }

std::vector<std::string> geometry_attacks() {
  return {"crop70+crf28",
          "crop50+crf28",
          "crop30+crf28",
          "corner70+crf28",
          "corner50+crf28",
          "corner30+crf28",
          "rotate1+crf28",
          "rotate3+crf28",
          "rotate10+crf28",
          "rotate90+crf28",
          "rotate180+crf28",
          "width0.4+height0.5+crf28",
          "width0.75+crf28",
          "width1.2+height0.8+crf28",
          "width1.5+height1.3+crf28",
          "mirror+crf28",
          "letterbox+crf28",
          "pillarbox+crf28",
          "portrait+crf28",
          "desktop+crf28",
          "phone4+crf28",
          "phone10+crf28",
          "crf28+desktop+at2.9+png",
          "crf28+at1.3+png",
          "crf28+at2.9+png",
          "crf28+at4.5+png",
          "crf28+at1.3+jpg75",
          "crf28+at2.9+jpg75",
          "crf28+at4.5+jpg75"};
}

std::filesystem::path perform(const Attack& attack, const Clip& clip, const std::filesystem::path& input, bool streamed,
                              const std::filesystem::path& folder) {
  Steps steps(clip, input, streamed, folder);
  for (const Stage& stage : attack.stages) steps.add(stage);
  return steps.finish();
}

}  // namespace robustness
