// What an encoder sees of one picture, whoever it is marked for.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "plugins/steg/model/encoder.hpp"

namespace steg {

/// Each part is made by the first who asks for it. Others wait meanwhile, and if it throws the next one makes it
/// himself: so each gets what he would get alone. For use from any thread.
class PictureLook {
 public:
  /// make(float*) writes `count` cells.
  template <class Make>
  const float* cells(std::size_t count, Make make) {
    const std::lock_guard<std::mutex> lock(making_);
    if (!has_cells_) {
      cells_.resize(count);
      make(cells_.data());
      has_cells_ = true;
    }
    return cells_.data();
  }

  /// make(std::unique_ptr<Context>&) fills the context, from the cells.
  template <class Make>
  const Context& context(Make make) {
    const std::lock_guard<std::mutex> lock(making_);
    if (!has_context_) {
      make(context_);
      has_context_ = true;
    }
    return *context_;
  }

  /// The next picture is another one; its parts take the place of these. Only where nobody else uses them.
  void forget() { has_cells_ = has_context_ = false; }

 private:
  std::mutex making_;
  bool has_cells_ = false;
  bool has_context_ = false;
  std::vector<float> cells_;
  std::unique_ptr<Context> context_;  ///< after the cells, which it may point into
};

}  // namespace steg
