// What a model file promises, and the little that encoder and extractor share.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "plugins/steg/watermark/chip_format.hpp"

namespace steg {

inline constexpr int kNewestContract = 2;                 ///< earlier ones are read, too
inline constexpr int kContractGridMultiple = 8;           ///< the long side of the grid is a multiple of it
inline constexpr char kContractFile[] = "contract.json";  ///< among the extra files of the TorchScript archive
inline constexpr char kEncoderFormat[] = "gst-steg-encoder";
inline constexpr char kExtractorFormat[] = "gst-steg-extractor";

/// What a network says of itself.
struct Contract {
  int version =
      1;  ///< 1: for legacy chips that are smoothed before (chip_smoothing.hpp); 2: shapes chips of the day itself
  int planes = 1;  ///< that it takes and gives, kLumaOnly or kAllPlanes; always luma alone in version 1
  ChipFormat chip_format() const { return version == 1 ? ChipFormat::legacy : ChipFormat::day; }
  /// Whether the network alone decides how strong the mark is; else residual_gain.hpp adds to that.
  bool sets_strength() const { return version > 1; }
};

/// Reads the text of contract.json and checks what this program expects: format, version, planes and grid rule.
/// `path` names the model in the message. Throws ModelError (encoder.hpp).
Contract read_contract(const std::string& text, const std::string& expected_format, const std::string& path);

/// The bytes of a model file and the first 16 hexadecimal digits of their SHA-256.
struct ModelFile {
  std::string path;
  std::string bytes;
  std::string fingerprint;
};

/// Reads a model file. Throws ModelError if it is missing, unreadable or empty.
ModelFile read_model_file(const std::string& path);

}  // namespace steg
