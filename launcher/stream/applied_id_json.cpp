// SPDX-License-Identifier: LGPL-2.1-or-later
#include "applied_id_json.hpp"

namespace launcher {

void add_applied(JsonText& json, const AppliedId& applied, const char* name) {
  json.text(name, applied.id)
      .text("applied_at", applied.at)
      .integer("running_time", static_cast<gint64>(applied.running_time))
      .integer("pts", static_cast<gint64>(applied.pts));
}

}  // namespace launcher
