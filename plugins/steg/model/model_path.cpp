// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model_path.hpp"

#include <cstdlib>

namespace steg {

std::string default_model_path(const std::string& file_name) {
  const char* directory = std::getenv("GST_STEG_MODEL_PATH");
  return std::string(directory && *directory ? directory : GST_STEG_MODEL_DIR) + "/" + file_name;
}

std::string model_path(const std::string& given, const std::string& file_name) {
  return given.empty() ? default_model_path(file_name) : given;
}

}  // namespace steg
