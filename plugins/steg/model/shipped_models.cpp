// SPDX-License-Identifier: LGPL-2.1-or-later
#include "shipped_models.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "shipped_fingerprints.hpp"

namespace steg {

bool is_shipped_model(const std::string& fingerprint) {
  return std::find(std::begin(kShippedFingerprints), std::end(kShippedFingerprints), fingerprint) !=
         std::end(kShippedFingerprints);
}

std::string foreign_model_warning(const std::string& path) {
  return "The model \"" + path +
         "\" is not one of those that this program came with. A model is a program: use only what you made or trust.";
}

}  // namespace steg
