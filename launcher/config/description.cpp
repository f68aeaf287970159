// SPDX-License-Identifier: LGPL-2.1-or-later
#include "description.hpp"

#include <algorithm>
#include <functional>

#include "launcher/base/config_error.hpp"

namespace launcher {
namespace {

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_plain(char c) {
  // Bytes of multi-byte UTF-8 characters are never syntax.
  return is_alnum(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("_-./:+@%").find(c) != std::string_view::npos;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::string quoted_as_gstreamer_string(std::string_view value) {
  std::string quoted = "\"";
  for (char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string escape(const std::string& name, const std::string& value) {
  if (std::any_of(value.begin(), value.end(), is_control)) {
    throw ConfigError("the value of variable '" + name +
                      "' contains a control character (such as a line break or a tab): remove it");
  }
  // GStreamer strips quotes from a string that begins with one; quoting it once more keeps them.
  const std::string exact = value.rfind('"', 0) == 0 ? quoted_as_gstreamer_string(value) : value;
  std::string escaped;
  for (char c : exact) {
    if (!is_plain(c)) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

/// Copies the description through `text` and calls `variable(name, in_quotes, next)` for each `${name}`; `next` is
/// the character that follows it, or a blank at the end.
void scan(std::string_view description, const std::function<void(char)>& text,
          const std::function<void(const std::string&, bool, char)>& variable) {
  char quote = 0;
  for (std::size_t i = 0; i < description.size(); ++i) {
    const std::string_view rest = description.substr(i);
    if (rest.rfind("$${", 0) == 0) {
      text('$');
      text('{');
      i += 2;
    } else if (rest.rfind("${", 0) == 0) {
      const std::size_t end = rest.find('}');
      if (end == std::string_view::npos) {
        throw ConfigError("'" + std::string(rest.substr(0, 20)) +
                          "' begins a variable that no '}' ends: write ${name}");
      }
      const std::string name(rest.substr(2, end - 2));
      if (!is_variable_name(name)) {
        throw ConfigError("'${" + name + "}' is not a variable: its name may have letters, digits, '-' and '_'");
      }
      variable(name, quote != 0, end + 1 < rest.size() ? rest[end + 1] : ' ');
      i += end;
    } else if (rest[0] == '\\' && rest.size() > 1) {
      text(rest[0]);
      text(rest[1]);
      ++i;
    } else {
      if (quote != 0) {
        if (rest[0] == quote) quote = 0;
      } else if (rest[0] == '"' || rest[0] == '\'') {
        quote = rest[0];
      }
      text(rest[0]);
    }
  }
}

const std::string& value_of(const std::string& name, const Variables& values) {
  const auto found = values.find(name);
  if (found != values.end()) return found->second;
  throw ConfigError("the file uses '${" + name + "}', which [variables] does not have: add '" + name +
                    "=' with a default there");
}

}  // namespace

bool is_variable_name(std::string_view name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_alnum(c) || c == '-' || c == '_'; });
}

std::string substitute(std::string_view description, const Variables& values) {
  std::string result;
  scan(
      description, [&](char c) { result += c; },
      [&](const std::string& name, bool in_quotes, char next) {
        const std::string& plain = value_of(name, values);
        if (in_quotes) {
          throw ConfigError("'${" + name + "}' is within quotes: remove the quotes, values are quoted as needed");
        }
        const std::string value = escape(name, plain);
        const bool whole_value = !result.empty() && result.back() == '=' && (next == ' ' || next == '\t');
        result += value.empty() && whole_value ? "\"\"" : value;
      });
  return result;
}

std::string expand(std::string_view text, const Variables& values) {
  std::string result;
  scan(
      text, [&](char c) { result += c; },
      [&](const std::string& name, bool, char) { result += value_of(name, values); });
  return result;
}

std::set<std::string> used_variables(std::string_view description) {
  std::set<std::string> names;
  scan(
      description, [](char) {}, [&](const std::string& name, bool, char) { names.insert(name); });
  return names;
}

}  // namespace launcher
