// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model_path.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "contract.hpp"

namespace steg {

namespace {

/// Newest first. Marks of every network that was ever shipped stay readable: none is taken off this list.
constexpr std::array<const char*, 1> kEarlierExtractors = {"extractor-steg-4.pt"};

}  // namespace

std::string default_model_path(const std::string& file_name) {
  const char* directory = std::getenv("GST_STEG_MODEL_PATH");
  return std::string(directory && *directory ? directory : GST_STEG_MODEL_DIR) + "/" + file_name;
}

std::string model_path(const std::string& given, const std::string& file_name) {
  return given.empty() ? default_model_path(file_name) : given;
}

std::vector<std::string> extractor_paths(const std::string& given) {
  std::vector<std::string> paths{model_path(given, "extractor.pt")};
  if (!given.empty()) return paths;
  std::vector<std::string> known{read_model_file(paths.front()).fingerprint};
  for (const char* name : kEarlierExtractors) {
    const std::string path = default_model_path(name);
    if (!std::filesystem::exists(path)) continue;
    const std::string fingerprint = read_model_file(path).fingerprint;
    if (std::find(known.begin(), known.end(), fingerprint) != known.end()) continue;
    known.push_back(fingerprint);
    paths.push_back(path);
  }
  return paths;
}

}  // namespace steg
