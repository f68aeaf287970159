// Catch2 3 under the name and with the few names of Catch2 2 that the tests use.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <catch2/catch_all.hpp>
#include <string>

using Catch::Approx;

namespace Catch {

inline auto Contains(const std::string& part) { return Matchers::ContainsSubstring(part); }
inline auto StartsWith(const std::string& start) { return Matchers::StartsWith(start); }
inline auto EndsWith(const std::string& end) { return Matchers::EndsWith(end); }

}  // namespace Catch
