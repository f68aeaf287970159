// A folder for what a benchmark makes on its way.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <glib.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

/// A new folder that is gone with its contents at the end, however that comes, unless it is to be kept.
class WorkFolder {
 public:
  /// Throws std::runtime_error if none can be made in `parent`.
  explicit WorkFolder(const std::filesystem::path& parent = g_get_tmp_dir(), bool keep = false) : keep_(keep) {
    std::string name = (parent / "gst-steg-bench-XXXXXX").string();
    if (!g_mkdtemp(name.data()))
      throw std::runtime_error("No folder can be made in " + parent.string() +
                               ". See that it can be written to, or take another one.");
    path_ = name;
  }
  ~WorkFolder() {
    if (keep_) return;
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  bool keep_;
};
