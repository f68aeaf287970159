// The extractor network, without Torch in the interface.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include "contract.hpp"
#include "device.hpp"
#include "plugins/steg/watermark/cell_layout.hpp"

namespace steg {

class Extractor {
 public:
  virtual ~Extractor() = default;
  virtual Contract contract() const = 0;
  ChipFormat chip_format() const { return contract().chip_format(); }
  /// What field() takes for a grid of that size.
  CellLayout layout(GridSize size) const { return {size, contract().planes}; }
  /// `cells` in 0..1 as layout(size) has it; `field` an estimate of the chips, size.cells() values, row by row.
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
