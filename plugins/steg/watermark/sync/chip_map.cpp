// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chip_map.hpp"

#include <algorithm>

namespace steg::sync {

CellRange common(const CellRange& a, const CellRange& b) {
  const int left = std::max(a.left, b.left);
  const int top = std::max(a.top, b.top);
  const int right = std::min(a.left + a.width, b.left + b.width);
  const int bottom = std::min(a.top + a.height, b.top + b.height);
  return {left, top, std::max(right - left, 0), std::max(bottom - top, 0)};
}

ChipMap::ChipMap(const Key& key, ChipFormat format) : has_code_(format == ChipFormat::legacy) {
  const Chips chips(key);
  for (int number = 0; number < kEpochs; ++number) {
    ChipLayout layout = chips.layout({kSide, kSide}, number, -kMargin, -kMargin);
    Epoch& epoch = epochs_[static_cast<std::size_t>(number)];
    epoch.pilot.resize(layout.role.size());
    epoch.code.resize(layout.role.size());
    for (std::size_t i = 0; i < layout.role.size(); ++i) {
      if (layout.role[i] == Role::pilot) epoch.pilot[i] = layout.sign[i];
      if (layout.role[i] == Role::code) epoch.code[i] = layout.sign[i];
    }
    epoch.bit = std::move(layout.bit);
  }
}

}  // namespace steg::sync
