// Where the networks' files are.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace steg {

/// The file of that name in $GST_STEG_MODEL_PATH if that is set, else where `meson install` puts it.
std::string default_model_path(const std::string& file_name);

/// `given`, or where it is empty default_model_path(file_name).
std::string model_path(const std::string& given, const std::string& file_name);

/// The extractors that a copy is read with, newest first: `given` alone, or where it is empty the default one and those
/// of earlier networks that lie beside it. Of files with the same content there is one.
std::vector<std::string> extractor_paths(const std::string& given);

}  // namespace steg
