// Which phase each frame of a copy was marked in, and how much it says.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <vector>

#include "plugins/steg/watermark/reading.hpp"

namespace steg {

/// Decides the phases (0..7; in the legacy format the epochs) of frames in sequence from their pilots, the likeliest
/// path of all (Viterbi 1967) with a price on changes: a frame too weak to tell its own epoch takes that of its
/// neighbours. Only pilot cells are asked, so the choice costs no hypothesis of the signature.
///
/// Fields are handed on scaled so that their plain sum is the best one: a key frame often carries several times as much
/// of the mark as the frames that an encoder predicts from it. The weights, too, come from pilot cells alone.
class EpochTracker {
 public:
  /// Gets the frames in order, each once, with its weight in `field`.
  using Sink = std::function<void(const std::vector<float>& field, int epoch)>;

  /// `reader` must outlive this.
  EpochTracker(const Reader& reader, Sink sink);

  /// Takes a frame's field (Reader::size().cells() values). Hands on frames that are decided: at most kLag wait.
  void add(std::vector<float> field);
  /// Decides and hands on all frames that wait.
  void flush();
  /// Drops the frames that wait and forgets the epoch of those before.
  void reset();

  static constexpr int kLag = 16;

 private:
  using Scores = std::array<double, kEpochs>;
  struct Waiting {
    std::vector<float> field;
    Scores pilots;
  };

  std::vector<int> likeliest_path() const;
  void hand_on(int epoch);

  const Reader& reader_;
  Sink sink_;
  std::deque<Waiting> waiting_;
  int last_epoch_ = -1;  ///< of the last frame handed on; -1 if there was none
};

}  // namespace steg
