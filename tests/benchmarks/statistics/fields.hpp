// Fields of real pictures, as a reader sees them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adversary.hpp"
#include "plugins/common/crypto/key.hpp"
#include "plugins/steg/model/encoder.hpp"
#include "plugins/steg/model/extractor.hpp"

namespace statistics {

struct Field {
  steg::GridSize size;
  std::vector<float> values;  ///< row by row
};

class FieldMaker {
 public:
  FieldMaker(const std::string& models, int threads);

  /// Of frames spread over each video or image of a folder, at most `each` of a file. Throws trace::MediaError.
  struct Pair {
    Field unmarked;
    Field marked;  ///< the same frame with a mark of a random ID under `key`, never encoded: as strong as it gets
  };
  std::vector<Pair> of_folder(const std::string& folder, int each, const steg::Key& key, Rng& rng);

  Field of_picture(const std::vector<float>& cells, steg::GridSize size);

 private:
  std::shared_ptr<steg::Encoder> encoder_;
  std::unique_ptr<steg::Extractor> extractor_;
};

/// 7 letters and digits.
std::string random_id(Rng& rng);
steg::Key random_key(Rng& rng);

}  // namespace statistics
