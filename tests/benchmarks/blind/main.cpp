// Shows original and marked pictures side by side to eyes that do not know which is which: docs/measured/visibility.md.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "pairs.hpp"
#include "score.hpp"

namespace {

constexpr char kUsage[] =
    "usage: blind make --clips FOLDER --out FOLDER [--key FILE] [--match TEXT] [--at CLIP:FRAME:X,Y]... [--x264]\n"
    "                  [--seconds S] [--strength X] [--encoder FILE] [--seed N]\n"
    "       blind score KEY ANSWERS...\n"
    "\n"
    "make: marks the clips of a folder with framediff and stegencode and writes pairs of original and marked, their\n"
    "order drawn by chance: crops of 480x360 at 100%, a part of 240x180 of each at twice the size, and strips of four\n"
    "frames around a change of epoch. Of each clip a smooth and a textured place: of the quarter of all places with "
    "the\n"
    "least (the most) activity the one where the mark is strongest.\n"
    "  --key FILE           which side is the marked one; default: beside the folder, FOLDER-key.csv\n"
    "  --at CLIP:FRAME:X,Y  the corner of a crop instead; as often as wanted\n"
    "  --x264               also pairs of original and x264 at CRF 16 of the same places, mixed in\n"
    "  --seconds S          of each clip, from its beginning; default 5\n"
    "  --strength X, --encoder FILE   stegencode's\n"
    "  --seed N             repeats what chance drew\n"
    "score: how many of the answers (answers.csv, filled in, of one or more people) name the changed side, how sure\n"
    "they were, and how probable as much is by guessing.\n";

class UsageError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

double to_number(const std::string& option, const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(value >= 0)) throw UsageError(option + " wants a number.");
  return value;
}

blind::PairOptions parse_make(const std::vector<std::string>& words) {
  blind::PairOptions options;
  options.seed = std::random_device()();
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& option = words[i];
    if (option == "--x264") {
      options.x264 = true;
      continue;
    }
    if (i + 1 == words.size()) throw UsageError(option + " is not known, or its value is missing.");
    const std::string& value = words[++i];
    if (option == "--clips")
      options.clips = value;
    else if (option == "--out")
      options.out = value;
    else if (option == "--key")
      options.key = value;
    else if (option == "--match")
      options.match = value;
    else if (option == "--at")
      options.places.push_back(blind::parse_place(value));
    else if (option == "--seconds")
      options.seconds = to_number(option, value);
    else if (option == "--strength")
      options.strength = to_number(option, value);
    else if (option == "--encoder")
      options.encoder = value;
    else if (option == "--seed")
      options.seed = static_cast<std::uint64_t>(to_number(option, value));
    else
      throw UsageError(option + " is not known.");
  }
  if (options.clips.empty() || options.out.empty()) throw UsageError("make wants --clips and --out.");
  if (options.out.filename().empty()) options.out = options.out.parent_path();
  if (options.key.empty()) options.key = options.out.string() + "-key.csv";
  return options;
}

int make(const std::vector<std::string>& words) {
  const blind::PairOptions options = parse_make(words);
  const int pairs = blind::make_pairs(options);
  std::printf("%d pairs in %s, to be answered in its answers.csv. The key, %s, is not for those who look.\n", pairs,
              options.out.c_str(), options.key.c_str());
  return 0;
}

int score(const std::vector<std::string>& words) {
  if (words.size() < 2) throw UsageError("score wants a key and answers.");
  const std::vector<blind::Pair> key = blind::read_key(words[0]);
  std::vector<blind::Answer> answers;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::vector<blind::Answer> more = blind::read_answers(words[i]);
    if (more.size() < key.size())
      std::fprintf(stderr, "blind: %zu of %zu pairs are answered in %s.\n", more.size(), key.size(), words[i].c_str());
    answers.insert(answers.end(), more.begin(), more.end());
  }
  std::fputs(blind::score_report(key, answers).c_str(), stdout);
  return 0;
}

int run(const std::vector<std::string>& words) {
  if (!words.empty() && (words[0] == "--help" || words[0] == "-h")) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  if (words.empty()) throw UsageError("Say make or score.");
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  if (words[0] == "make") return make(rest);
  if (words[0] == "score") return score(rest);
  throw UsageError("\"" + words[0] + "\" is neither make nor score.");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    gst_init(&argc, &argv);
    return run({argv + 1, argv + argc});
  } catch (const UsageError& error) {
    std::fprintf(stderr, "blind: %s\n%s", error.what(), kUsage);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "blind: %s\n", error.what());
  }
  return 2;
}
