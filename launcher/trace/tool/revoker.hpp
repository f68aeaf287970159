// Revokes the tokens of a viewer at a steg-launch.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>

#include "helper_process.hpp"

namespace steg_trace::tool {

class Revoker {
 public:
  /// Forks: call it before there are other threads. `url`: of the steg-launch, such as http://127.0.0.1:5000; `token`:
  /// what it asks callers for, empty for nothing. Asks at once, and throws HelperError with a sentence if there is no
  /// edge, or if it does not answer.
  Revoker(const std::string& url, const std::string& token);

  /// All tokens of this viewer that are not revoked yet; how many they were. Throws HelperError if one
  /// of them could not be revoked, after it has tried the others.
  std::size_t revoke(const std::string& viewer);

 private:
  HelperProcess process_;
};

}  // namespace steg_trace::tool
