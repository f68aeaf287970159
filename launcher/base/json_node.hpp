// Owning pointers to JSON values.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <json-glib/json-glib.h>

#include <memory>

namespace launcher {

struct UnrefNode {
  void operator()(JsonNode* node) const { json_node_unref(node); }
};
using JsonNodePtr = std::unique_ptr<JsonNode, UnrefNode>;

}  // namespace launcher
