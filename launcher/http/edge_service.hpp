// The edge and its tokens, as the pipeline file configures them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "launcher/config/edge_settings.hpp"
#include "launcher/edge/edge.hpp"
#include "launcher/edge/token_office.hpp"

namespace launcher {

class EdgeService {
 public:
  /// Reads the key and opens the audit log. Throws ConfigError.
  explicit EdgeService(const EdgeSettings& settings);

  TokenOffice& office() { return office_; }
  Edge& edge() { return edge_; }
  const Edge& edge() const { return edge_; }

 private:
  TokenOffice office_;
  Edge edge_;
};

}  // namespace launcher
