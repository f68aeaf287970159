// The encoder network, without Torch in the interface.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "contract.hpp"
#include "device.hpp"
#include "plugins/steg/watermark/cell_layout.hpp"

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

/// What the network sees of one picture, whoever it is marked for. All encoders of the same file, device and number of
/// threads can use it, also at a time.
class Context {
 public:
  virtual ~Context() = default;
};

/// Not for use from several threads at once, except prepare() beside the others.
class Encoder {
 public:
  virtual ~Encoder() = default;
  virtual Contract contract() const = 0;
  ChipFormat chip_format() const { return contract().chip_format(); }
  /// What look() takes and residual() gives for a grid of that size.
  CellLayout layout(GridSize size) const { return {size, contract().planes}; }
  /// `chips`: size.cells() values of +1 or -1, row by row. `pixels`: along the side of a cell.
  virtual std::unique_ptr<Pattern> prepare(const std::vector<float>& chips, GridSize size, float pixels) = 0;
  /// `cells` in 0..1, as layout(size) has it; the context holds as long as they stay. One that is there already is used
  /// again.
  virtual void look(const float* cells, GridSize size, std::unique_ptr<Context>& context) = 0;
  /// In 8-bit levels at strength 1, as layout(size) has it; there until the next call.
  virtual const float* residual(const Context& context, const Pattern& pattern, GridSize size) = 0;
  /// Both for a picture that is marked once.
  void residual(const float* cells, const Pattern& pattern, GridSize size, float* out) {
    std::unique_ptr<Context> context;
    look(cells, size, context);
    std::copy_n(residual(*context, pattern, size), layout(size).cells(), out);
  }
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
