// The encoder network, without Torch in the interface.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "../watermark/cell_layout.hpp"
#include "contract.hpp"
#include "device.hpp"

namespace steg {

/// A model file that cannot be used. what() is a sentence that says what to do.
class ModelError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What the network made of the chips of one ID and epoch; only the encoder that made it can use it.
class Pattern {
 public:
  virtual ~Pattern() = default;
};

/// Not for use from several threads at once, except prepare() beside residual().
class Encoder {
 public:
  virtual ~Encoder() = default;
  virtual Contract contract() const = 0;
  ChipFormat chip_format() const { return contract().chip_format(); }
  /// What residual() takes and gives for a grid of that size.
  CellLayout layout(GridSize size) const { return {size, contract().planes}; }
  /// `chips`: size.cells() values of +1 or -1, row by row. `pixels`: along the side of a cell.
  virtual std::unique_ptr<Pattern> prepare(const std::vector<float>& chips, GridSize size, float pixels) = 0;
  /// `cells` in 0..1, `residual` in 8-bit levels at strength 1, both as layout(size) has it.
  virtual void residual(const float* cells, const Pattern& pattern, GridSize size, float* residual) = 0;
  /// First 16 hexadecimal digits of the SHA-256 of the model file.
  virtual std::string fingerprint() const = 0;
  /// Whether the file is another than the one that this program came with.
  virtual bool is_foreign() const { return false; }
};

/// Loads encoder.pt and tries it once. Throws ModelError if the file is missing, damaged or breaks the contract, if it
/// takes two minutes, or if there is no such device.
/// `threads`: for the network's own operations, at least 1.
std::unique_ptr<Encoder> load_encoder(const std::string& path, int threads, Device device = Device::cpu);

}  // namespace steg
