// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdlib>
#include <string>

#include "extractor.hpp"

namespace steg {

std::string default_model_path(const std::string& file_name) {
  const char* directory = std::getenv("GST_STEG_MODEL_PATH");
  return std::string(directory && *directory ? directory : GST_STEG_MODEL_DIR) + "/" + file_name;
}

}  // namespace steg
