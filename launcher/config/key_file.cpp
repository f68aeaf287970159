// SPDX-License-Identifier: LGPL-2.1-or-later
#include "key_file.hpp"

#include <glib.h>

#include <memory>

#include "launcher/base/config_error.hpp"
#include "launcher/base/glib_text.hpp"

namespace launcher {
namespace {

struct FreeKeyFile {
  void operator()(GKeyFile* file) const { g_key_file_free(file); }
};
struct FreeStrings {
  void operator()(gchar** strings) const { g_strfreev(strings); }
};
using Strings = std::unique_ptr<gchar*, FreeStrings>;

/// Takes the error's text and frees it.
std::string take(GError* error) {
  std::string text = error->message;
  g_error_free(error);
  return text;
}

std::string load_joined(const std::string& path) {
  gchar* contents = nullptr;
  gsize length = 0;
  GError* error = nullptr;
  if (!g_file_get_contents(path.c_str(), &contents, &length, &error)) throw ConfigError(take(error));
  const GlibText owned(contents);
  std::string joined;
  joined.reserve(length);
  for (gsize i = 0; i < length; ++i) {
    const bool crlf = contents[i] == '\\' && i + 2 < length && contents[i + 1] == '\r' && contents[i + 2] == '\n';
    if (crlf || (contents[i] == '\\' && i + 1 < length && contents[i + 1] == '\n')) {
      joined += ' ';
      i += crlf ? 2 : 1;
    } else {
      joined += contents[i];
    }
  }
  return joined;
}

}  // namespace

Groups read_key_file(const std::string& path) {
  const std::string text = load_joined(path);
  const std::unique_ptr<GKeyFile, FreeKeyFile> file(g_key_file_new());
  GError* error = nullptr;
  if (!g_key_file_load_from_data(file.get(), text.data(), text.size(), G_KEY_FILE_NONE, &error)) {
    throw ConfigError(take(error));
  }
  Groups groups;
  const Strings names(g_key_file_get_groups(file.get(), nullptr));
  for (gchar** name = names.get(); *name; ++name) {
    auto& group = groups[*name];
    const Strings keys(g_key_file_get_keys(file.get(), *name, nullptr, nullptr));
    for (gchar** key = keys.get(); keys && *key; ++key) {
      const GlibText value(g_key_file_get_value(file.get(), *name, *key, &error));
      if (!value) throw ConfigError("[" + std::string(*name) + "] " + *key + ": " + take(error));
      if (!g_utf8_validate(value.get(), -1, nullptr)) {
        throw ConfigError("[" + std::string(*name) + "] " + *key + ": is not UTF-8: save the file as UTF-8");
      }
      group[*key] = g_strchomp(value.get());
    }
  }
  return groups;
}

Groups read_pipeline_groups(const std::string& path) {
  Groups groups = read_key_file(path);
  auto& pipeline = groups["pipeline"];
  const auto base = pipeline.find("base");
  if (base == pipeline.end()) return groups;
  const GlibText folder(g_path_get_dirname(path.c_str()));
  const GlibText beside(g_build_filename(folder.get(), base->second.c_str(), nullptr));
  const bool is_beside = g_file_test(beside.get(), G_FILE_TEST_EXISTS);
  Groups merged;
  try {
    merged = read_key_file(is_beside ? beside.get() : find_pipeline_file(base->second));
  } catch (const ConfigError& error) {
    throw ConfigError("[pipeline] base: " + std::string(error.what()));
  }
  if (merged["pipeline"].count("base") != 0)
    throw ConfigError("[pipeline] base: that file has a base of its own, and only one level is possible");
  pipeline.erase(base);
  for (const auto& [name, keys] : groups) {
    for (const auto& [key, value] : keys) merged[name][key] = value;
    merged[name];
  }
  return merged;
}

std::string find_pipeline_file(const std::string& name) {
  if (name.find('/') != std::string::npos || g_file_test(name.c_str(), G_FILE_TEST_EXISTS)) return name;
  const gchar* folder = g_getenv("GST_STEG_PIPELINE_PATH");
  const GlibText installed(g_build_filename(folder ? folder : GST_STEG_PIPELINE_DIR, name.c_str(), nullptr));
  return g_file_test(installed.get(), G_FILE_TEST_EXISTS) ? installed.get() : name;
}

std::string stem_of(const std::string& path) {
  const GlibText name(g_path_get_basename(path.c_str()));
  const std::string text = name.get();
  return text.substr(0, std::max<std::size_t>(text.find('.'), 1));
}

}  // namespace launcher
