// The extractor network, without Torch in the interface.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include "../watermark/grid.hpp"
#include "device.hpp"

namespace steg {

class Extractor {
 public:
  virtual ~Extractor() = default;
  /// `cells` in 0..1, `field` an estimate of the chips, both size.cells() values, row by row.
  virtual void field(const float* cells, GridSize size, float* field) = 0;
  /// The same on the calling thread alone. May be called from several threads at once: for many pictures that is
  /// faster than one after the other on several threads, which wait for each other at every layer.
  virtual void field_on_one_thread(const float* cells, GridSize size, float* field) = 0;
  virtual std::string fingerprint() const = 0;
  /// Whether the file is another than the one that this program came with.
  virtual bool is_foreign() const { return false; }
};

/// Loads extractor.pt and tries it once. Throws ModelError (encoder.hpp).
std::unique_ptr<Extractor> load_extractor(const std::string& path, int threads, Device device = Device::cpu);

}  // namespace steg
