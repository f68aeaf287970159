// Where the spool file lies if nobody says.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace audit {

/// Beside an SQLite file; else in $XDG_STATE_HOME/gst-steg (~/.local/state/gst-steg), named after database and stream.
/// Creates that folder. Throws AuditError.
std::string default_spool_path(const std::string& database, const std::string& stream);

}  // namespace audit
