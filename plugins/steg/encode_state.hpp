// What stegencode has: settings and counts that any thread asks for, and what its streaming thread works with.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/video/video.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "encode_properties.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "plugins/steg/marking/epoch_clock.hpp"
#include "plugins/steg/marking/id_control.hpp"
#include "plugins/steg/marking/marker.hpp"
#include "plugins/steg/marking/prefetcher.hpp"
#include "plugins/steg/marking/segment_patterns.hpp"
#include "settings.hpp"
#include "shared_picture.hpp"
#include "verification.hpp"

namespace steg {

/// What start() makes and the streaming thread uses.
struct EncodeRun {
  EncodeRun(const Key& key, const std::shared_ptr<Encoder>& encoder, const EncodeSettings& settings)
      : epochs(encoder->chip_format()),
        marker(encoder),
        key_fingerprint(key.fingerprint()),
        model_fingerprint(encoder->fingerprint()),
        network(model_fingerprint + " " + std::to_string(static_cast<int>(settings.device)) + " " +
                std::to_string(settings.threads)) {}
  EpochClock epochs;
  Marker marker;
  Prefetcher prefetcher;
  std::string key_fingerprint;
  std::string model_fingerprint;
  std::string network;                         ///< and how it is computed, which decides the last bits of a result
  std::optional<LookSharer> sharer;            ///< once the shape of pictures is known
  std::optional<CopyPool> copies;              ///< the same
  std::shared_ptr<PictureLook> look;           ///< at the picture that is being marked, if others mark it, too
  std::unique_ptr<Verification> verification;  ///< if it is asked for
  std::optional<SegmentPatterns> segments;     ///< if these are marked, and no ID
  std::uint32_t position = 0;                  ///< of the segment that goes on
  GstVideoInfo info{};
  SizeRefusal size_refusal;
  /// A reference to what was sent for the frame that duplicates repeat; nobody may write to it meanwhile.
  gststeg::Ptr<GstBuffer> last_output;
  std::string applied_id;
  int applied_epoch = -1;
  int epoch = 0;
  guint key_units = 0;

  void forget_last() {
    marker.forget_last();
    last_output.reset();
  }
};

struct EncodeState {
  IdControl id;
  std::mutex lock;  ///< guards the three below; never held while anything is called or posted
  EncodeSettings settings;
  EncodeStats stats;
  std::string refusal;  ///< why the last ID was not taken
  std::unique_ptr<EncodeRun> running;
};

}  // namespace steg
