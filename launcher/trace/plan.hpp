// In which order a file is read until its ID is found.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "skimmer.hpp"

namespace trace {

/// What to do with a file next.
struct Step {
  enum class Kind {
    read,    ///< decode the file from its start to its end, and read marks
    locate,  ///< look for the marked picture in the frames that were kept
    end,     ///< nothing more
  };
  static constexpr int kWhole = -1;

  Kind kind = Kind::read;
  int film = 0;                ///< which of the video tracks
  std::size_t generation = 0;  ///< of the networks
  int place = kWhole;          ///< which of the places that were located; kWhole for the copy as it is
  Skimmer::Mode mode = Skimmer::Mode::all;
  bool briefly = false;     ///< leave frames undecoded where one ID is steady
  bool keep = false;        ///< keep frames for Kind::locate
  bool to_the_end = false;  ///< of Kind::locate: the place at which it ended before shows nothing
};

/// What reading the file once has shown.
struct Shown {
  int films = 0;
  bool changed = false;      ///< after frames were left undecoded the ID was another: nothing below counts then
  bool found = false;        ///< there are segments
  bool passed_over = false;  ///< see Skimmer
  bool pilots = false;       ///< see Skimmer
};

/// The way of one file through its passes. Of each video track in turn: the whole picture with each network, then the
/// places where the picture was located with each network, then what the first passes have passed over. It ends where
/// an ID is found. What is read again is decided by pilot and code cells alone, so that it costs no significance.
class Plan {
 public:
  /// `generations`: of networks, at least 1. `search`: whether places are looked for. `thorough`: whether all is
  /// decoded and looked at.
  Plan(std::size_t generations, bool search, bool thorough);

  const Step& step() const { return step_; }
  /// How often the file was opened so far to decode it; the present step counts.
  int openings() const { return openings_; }

  /// These say what came of step(), and go on to the next one. After Kind::read: true if what was found there is the
  /// answer; otherwise it does not count.
  bool shown(const Shown& shown);
  /// After Kind::locate. `ended_early`: if nothing is read at its places, the search goes on.
  void located(int places, bool ended_early = false);
  /// The track cannot be read: on to the next one, but not where it is the first.
  void failed();

 private:
  enum class Stage { whole, places, rest };
  void begin_film(int film);
  void enter();
  void read(int place, Skimmer::Mode mode);
  void locate(bool to_the_end);
  void go_on();
  void next_film();

  std::size_t generations_;
  bool search_;
  bool thorough_;
  int films_ = 1;
  int places_ = 0;
  bool ended_early_ = false;  ///< the present search
  int openings_ = 0;
  Stage stage_ = Stage::whole;
  std::vector<bool> rest_;  ///< of each generation: whether its first passes have passed over frames
  Step step_;
};

/// For people, such as "the whole picture, network 1".
std::string describe(const Step& step);

}  // namespace trace
