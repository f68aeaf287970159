// Text and time as the log stores them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace audit {

/// UTF-8 of RFC 3629 (no surrogates, no overlong forms) without NUL: what both kinds of database store as it is.
bool is_storable(std::string_view text);

/// The text itself if it is storable; else every byte that is not part of a storable character becomes "\xNN", so that
/// nothing is refused and nothing is lost.
std::string storable(std::string_view text);

/// Microseconds since 1970-01-01T00:00:00 UTC.
using WallTime = std::int64_t;
using Clock = std::function<WallTime()>;
WallTime system_time();

/// As "2026-11-22T11:29:05.123456Z" (RFC 3339).
std::string utc_time(WallTime time);
/// Minutes since 1970, rounded down.
std::int64_t minute_number(WallTime time);
/// As "2026-11-22T11:29Z".
std::string utc_minute(std::int64_t minute);

enum class DayEdge { first, last };
/// The minute (as utc_minute()) of a UTC time that a person wrote: "2026-11-22T11:29" with T or a blank, seconds and Z
/// as they like. A day alone is its first or last minute. Throws AuditError.
std::string minute_of_text(std::string_view text, DayEdge edge);

}  // namespace audit
