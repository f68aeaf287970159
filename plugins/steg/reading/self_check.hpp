// Reads back, on a thread of its own, a frame that was just marked.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "plugins/common/crypto/key.hpp"
#include "plugins/steg/model/extractor.hpp"
#include "plugins/steg/watermark/picture_grid.hpp"
#include "plugins/steg/watermark/reading.hpp"

namespace steg {

/// What a frame is known to carry.
struct Embedded {
  std::string id;  ///< or the payload of a segment
  int epoch = 0;
  std::uint64_t time = 0;  ///< the caller's own, handed back
};

struct SelfCheckResult {
  Embedded embedded;
  std::string error;  ///< why the frame could not be read back; the rest is then as below
  Reading reading{};  ///< of the embedded ID in this frame alone, as one single try
  /// S over what kDefaultMaxPValue asks for in one try. Above 0 the frame alone proves its ID.
  double margin = 0;
  bool blind = false;  ///< blind reading of this frame alone gives the ID, at kDefaultMaxPValue
  bool proven() const { return margin >= 0; }
};

/// One thread, one frame at a time: a frame that comes while another is being read is not taken, so that nobody waits.
class SelfCheck {
 public:
  /// Called on the thread of this class, for each frame that was taken.
  using Sink = std::function<void(const SelfCheckResult& result)>;

  SelfCheck(const Key& key, std::shared_ptr<Extractor> extractor, Sink sink);
  /// Waits for the frame that is being read.
  ~SelfCheck();
  SelfCheck(const SelfCheck&) = delete;
  SelfCheck& operator=(const SelfCheck&) = delete;

  /// Copies what is needed of a marked picture and returns at once; false if it is busy. Throws GridError.
  bool offer(const PictureView& picture, const Embedded& embedded);

 private:
  struct Work {
    GridSize size{};
    std::vector<float> cells;
    Embedded embedded;
  };

  void run();
  SelfCheckResult read(const Work& work);

  Key key_;
  std::shared_ptr<Extractor> extractor_;
  Sink sink_;
  // The caller's.
  std::optional<PictureGrid> grid_;
  PictureShape shape_;
  // The thread's.
  std::unique_ptr<Reader> reader_;

  std::mutex lock_;  ///< guards the three below
  std::condition_variable wake_;
  std::optional<Work> work_;  ///< stays while it is being read
  bool stop_ = false;
  std::thread thread_;  ///< last: it uses the members above
};

}  // namespace steg
