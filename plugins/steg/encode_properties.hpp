// The properties of stegencode: what they are called, hold and mean.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <string>

#include "plugins/steg/marking/marker.hpp"
#include "plugins/steg/model/device.hpp"
#include "verification.hpp"

namespace steg {

enum EncodeProperty : guint {
  kPropId = 1,
  kPropKeyFile,
  kPropModel,
  kPropStrength,
  kPropOnDuplicate,
  kPropResidualInterval,
  kPropEpochPeriod,
  kPropEpochOrigin,
  kPropThreads,
  kPropDevice,
  kPropVerifyInterval,
  kPropVerifyModel,
  kPropSegmentDuration,
  kPropVariant,
  kPropFirstPosition,
  kPropStats,
};

struct EncodeSettings {
  std::string key_file;
  std::string model;  ///< empty for the default
  gfloat strength = 1.0F;
  OnDuplicate on_duplicate = OnDuplicate::repeat;
  gint residual_interval = 1;
  guint64 epoch_period = 2 * GST_SECOND;
  guint64 epoch_origin = G_MAXUINT64;  ///< take the clock at the first frame
  gint threads = 1;
  Device device = Device::automatic;
  guint64 verify_interval = 0;
  std::string verify_model;      ///< empty for the default
  guint64 segment_duration = 0;  ///< 0: an ID is marked, and no segments
  gint variant = 0;
  guint first_position = 0;

  /// The file to load: `model`, or the default one.
  std::string encoder_path() const;
  std::string extractor_path() const;

  /// False if it is not one of the properties kept here: all but `id` and `stats`.
  bool set(guint property, const GValue* value);
  bool get(guint property, GValue* value) const;
};

struct EncodeStats {
  guint64 encoded = 0;
  guint64 repeated = 0;
  guint64 residual = 0;
  std::string id_applied;
  int epoch = 0;
  GstClockTime last_encode_time = 0;
  GstClockTime max_encode_time = 0;
  VerifyStats verify;

  /// The value of the property `stats`; the caller's.
  GstStructure* structure(const std::string& id_requested) const;
};

GType on_duplicate_type();

void install_encode_properties(GObjectClass* klass);

}  // namespace steg
