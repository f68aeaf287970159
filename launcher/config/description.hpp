// Puts the values of variables into a pipeline description, so that a value can never become syntax.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace launcher {

using Variables = std::map<std::string, std::string>;

/// Replaces each `${name}` of a gst-launch description by the value of that variable, escaped by backslashes so that
/// GStreamer's parser reads back exactly the value: blanks, quotes, `!` and the like stay characters. `$${` stands
/// for a literal `${`. A value that is empty after `=` becomes `""`.
/// Throws ConfigError for an unknown variable, a `${` without `}`, a `${name}` within quotes (the escapes would
/// become part of the value there) and for a value with control characters, which gst-launch syntax cannot express.
std::string substitute(std::string_view description, const Variables& values);

/// The same for a text that is no description: the values are put in as they are. Throws ConfigError.
std::string expand(std::string_view text, const Variables& values);

/// The names of the variables that the description uses.
std::set<std::string> used_variables(std::string_view description);

/// True for a name that `${...}` and --set accept: letters, digits, `-` and `_`.
bool is_variable_name(std::string_view name);

}  // namespace launcher
