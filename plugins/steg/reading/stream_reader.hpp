// Reads marks from a stream, one window of time after the other.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "day_tracker.hpp"
#include "epoch_tracker.hpp"
#include "plugins/common/crypto/key.hpp"
#include "plugins/steg/model/extractor.hpp"
#include "plugins/steg/watermark/picture_grid.hpp"
#include "plugins/steg/watermark/reading.hpp"
#include "ticks.hpp"

namespace steg {

struct StreamReaderOptions {
  std::uint64_t window = 1000000000;   ///< ns of frames that are summed before they are read
  std::uint64_t interval = 200000000;  ///< ns from one frame that is taken to the next; 0 takes all
  /// Windows that cannot be read are read again together with those that follow, so many ns of them, at most 16.
  std::uint64_t memory = 5000000000;
  double max_p_value = kDefaultMaxPValue;
};

/// What one window said, by itself or together with unread ones before it.
struct WindowReading {
  std::optional<Reading> reading;  ///< if its p-value, of both tries, is small enough
  int frames;                      ///< that were summed
  std::uint64_t first_time;        ///< of the first and last of them, ns
  std::uint64_t last_time;
  int epoch;                     ///< of the last of them
  std::optional<double> marked;  ///< when that epoch began where it was marked, seconds after midnight UTC
  std::uint64_t number;          ///< of windows read so far, this one included
};

/// For use from one thread. Times are in nanoseconds; a time before the last one ends the window.
class StreamReader {
 public:
  StreamReader(const Key& key, std::shared_ptr<Extractor> extractor);

  /// Of the epochs that marks change with, seconds. Takes effect with the next size.
  void set_epoch_period(double period) { clock_ = DayClock(period); }

  /// Throws GridError. Drops the open window.
  void set_picture_shape(const PictureShape& shape);

  /// Takes effect with the next frame.
  void set_options(const StreamReaderOptions& options) { options_ = options; }

  /// Call with the time of each frame, before add(): ends the window if the frame lies beyond it.
  std::optional<WindowReading> advance(std::uint64_t time);
  /// True if the frame of that time should be added.
  bool due(std::uint64_t time) const;
  /// Takes a frame of the shape set. Throws ModelError.
  void add(const PictureView& picture, std::uint64_t time);

  /// Ends the window with what is in it; nothing if that is no frame.
  std::optional<WindowReading> finish();
  /// Drops the open window unread.
  void drop();

  std::uint64_t frames_read() const { return frames_read_; }
  std::uint64_t windows_read() const { return windows_read_; }

 private:
  struct Window {
    TickSums sum;
    int frames;
    std::uint64_t first_time;  ///< ns
    std::uint64_t last_time;
  };
  /// What depends on the shape of the pictures.
  struct Sized {
    Sized(const Key& key, const Extractor& extractor, const DayClock& clock, const PictureShape& shape);
    void take(const std::vector<float>& field, int phase);
    PictureGrid grid;
    Reader reader;
    TickChains chains;
    DayTracker days;
    TickSums sum;
    std::deque<std::uint64_t> waiting;  ///< times of the frames whose phase is not decided yet
    std::deque<Window> unread;          ///< the latest windows, up to StreamReaderOptions::memory
    Tick last;
    EpochTracker tracker;
  };

  std::optional<Reading> read(const Window& window);
  /// The window and all unread ones before it.
  Window with_unread(const Window& window) const;
  void keep_unread(Window window);

  Key key_;
  std::shared_ptr<Extractor> extractor_;
  StreamReaderOptions options_;
  DayClock clock_;
  std::unique_ptr<Sized> sized_;
  std::vector<float> cells_;
  int frames_ = 0;  ///< in the open window
  std::uint64_t first_time_ = 0;
  std::uint64_t last_time_ = 0;
  std::uint64_t frames_read_ = 0;
  std::uint64_t windows_read_ = 0;
};

}  // namespace steg
