// The networks that a copy is read with.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "plugins/steg/model/extractor.hpp"

namespace trace {

/// An extractor for the marks of each network generation, newest first. Each is loaded when it is first asked for.
class Extractors {
 public:
  using Load = std::function<std::unique_ptr<steg::Extractor>(const std::string& path)>;

  /// `paths`: see steg::extractor_paths; at least one.
  Extractors(const std::vector<std::string>& paths, Load load);

  std::size_t count() const { return all_.size(); }
  const std::string& path(std::size_t generation) const { return all_.at(generation).path; }
  /// Throws steg::ModelError.
  steg::Extractor& at(std::size_t generation);

  /// By how much p-values of a reading with that generation must be multiplied: each has half of the significance that
  /// those before it leave, the last one all of it. The inverses add up to 1, so that the bound holds however many are
  /// tried.
  double share(std::size_t generation) const;

 private:
  struct Generation {
    std::string path;
    std::unique_ptr<steg::Extractor> extractor;  ///< null until it is loaded
  };
  Load load_;
  std::vector<Generation> all_;
};

}  // namespace trace
