// SPDX-License-Identifier: LGPL-2.1-or-later
#include "extractors.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace trace {

Extractors::Extractors(const std::vector<std::string>& paths, Load load) : load_(std::move(load)) {
  for (const std::string& path : paths) all_.push_back({path, nullptr});
}

steg::Extractor& Extractors::at(std::size_t generation) {
  Generation& wanted = all_.at(generation);
  if (!wanted.extractor) wanted.extractor = load_(wanted.path);
  return *wanted.extractor;
}

double Extractors::share(std::size_t generation) const {
  return std::pow(2.0, static_cast<double>(std::min(generation + 1, count() - 1)));
}

}  // namespace trace
