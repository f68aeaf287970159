// The key of a set of pairs, and answers to them: CSV files.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace blind {

/// How a pair is shown.
inline constexpr const char* kFullSize = "100%";
inline constexpr const char* kTwice = "200%";
inline constexpr const char* kStrip = "strip";  ///< consecutive frames

/// What the changed side went through.
inline constexpr const char* kMark = "mark";
inline constexpr const char* kX264 = "x264-crf16";

struct Pair {
  std::string name;   ///< of its file, without ".png"
  std::string view;   ///< kFullSize, kTwice or kStrip
  std::string what;   ///< kMark or kX264
  char side = 'A';    ///< of the changed one: A is left or above, B right or below
  std::string place;  ///< "smooth", "textured" or "listed"
  int frame = 0;      ///< the first one of a strip
  int x = 0, y = 0;   ///< of the crop's corner
  std::string clip;   ///< last in its line: names may hold commas
};

struct Answer {
  std::string pair;
  char side = 'A';     ///< told as changed
  int confidence = 0;  ///< 0, a guess, to 3, sure
};

void write_key(const std::vector<Pair>& pairs, const std::string& path);
/// Throw std::runtime_error with the line that is wrong. Of the answers, lines that name a pair and nothing else are
/// left out: they are not answered yet.
std::vector<Pair> read_key(const std::string& path);
std::vector<Answer> read_answers(const std::string& path);
/// Lines to be filled in.
void write_blank_answers(const std::vector<Pair>& pairs, const std::string& path);

}  // namespace blind
