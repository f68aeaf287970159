// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fields.hpp"

#include <algorithm>
#include <filesystem>

#include "launcher/trace/max_pixels.hpp"
#include "launcher/trace/media_reader.hpp"
#include "plugins/steg/watermark/chips.hpp"
#include "plugins/steg/watermark/picture_grid.hpp"

namespace statistics {

std::string random_id(Rng& rng) {
  std::string id;
  for (int i = 0; i < steg::kMaxIdBytes; ++i) id += "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[rng() % 36];
  return id;
}

steg::Key random_key(Rng& rng) {
  std::string text;
  for (int i = 0; i < 2 * steg::Key::kBytes; ++i) text += "0123456789abcdef"[rng() % 16];
  return steg::Key::from_hex(text);
}

FieldMaker::FieldMaker(const std::string& models, int threads)
    : encoder_(steg::load_encoder(models + "/encoder.pt", threads)),
      extractor_(steg::load_extractor(models + "/extractor.pt", threads)) {}

Field FieldMaker::of_picture(const std::vector<float>& cells, steg::GridSize size) {
  Field field{size, std::vector<float>(static_cast<std::size_t>(size.cells()))};
  // Cells of luma alone are those of a grey picture.
  std::vector<float> seen = cells;
  seen.resize(extractor_->layout(size).cells(), steg::kNeutralChroma);
  extractor_->field(seen.data(), size, field.values.data());
  return field;
}

std::vector<FieldMaker::Pair> FieldMaker::of_folder(const std::string& folder, int each, const steg::Key& key,
                                                    Rng& rng) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_regular_file()) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  const steg::Chips chips(key);
  std::vector<Pair> pairs;
  for (const std::string& path : paths) {
    trace::MediaReader media(path, trace::kDefaultMaxPixels);
    int taken = 0;
    std::unique_ptr<steg::Pattern> pattern;
    int frame = 0;
    const auto take = [&](const trace::MediaFrame& decoded) {
      // Frames a third of a second apart differ enough.
      if (frame++ % 10 != 0) return;
      ++taken;
      steg::PictureGrid grid(decoded.picture.shape, encoder_->contract().planes);
      std::vector<float> cells(grid.layout().cells());
      grid.average_down(decoded.picture, cells.data());
      Pair pair{of_picture(cells, grid.size()), {}};
      // One ID a file: patterns take long to make.
      if (taken == 1)
        pattern = encoder_->prepare(chips.frame(random_id(rng), grid.size(), 0), grid.size(), grid.pixels_per_cell());
      std::vector<float> residual(cells.size());
      encoder_->residual(cells.data(), *pattern, grid.size(), residual.data());
      for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = std::clamp(cells[i] + residual[i] / 255.0F, 0.0F, 1.0F);
      pair.marked = of_picture(cells, grid.size());
      pairs.push_back(std::move(pair));
    };
    while (taken < each && media.next(take)) {
    }
  }
  return pairs;
}

}  // namespace statistics
