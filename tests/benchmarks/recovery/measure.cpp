// SPDX-License-Identifier: LGPL-2.1-or-later
#include "measure.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

#include "reading.hpp"

namespace recovery {
namespace {

constexpr const char* kId = "TRACE-7";
constexpr std::uint64_t kWindow = 1000000000;

double psnr(const Plane& a, const Plane& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.luma.size(); ++i) {
    const int difference = a.luma[i] - b.luma[i];
    sum += difference * difference;
  }
  if (sum == 0) return std::numeric_limits<double>::infinity();
  return 10 * std::log10(255.0 * 255.0 * static_cast<double>(a.luma.size()) / sum);
}

/// What depends on the size of the picture.
struct Sized {
  explicit Sized(const Plane& plane)
      : grid(plane.width, plane.height),
        reader(steg::Key::public_default(), grid.size()),
        window(grid.size()),
        codeword(reader.chips().codeword(kId)),
        cells(static_cast<std::size_t>(grid.size().cells())),
        field(cells.size()) {}
  steg::LumaGrid grid;
  steg::Reader reader;
  steg::FieldSum window;
  steg::Codeword codeword;
  std::vector<float> cells, field;
};

void count(const std::optional<steg::Reading>& reading, int& found, int& wrong) {
  if (!reading) return;
  ++(reading->id == kId ? found : wrong);
}

}  // namespace

Result measure(const std::string& path, const Setting& setting, const Limits& limits, steg::Extractor& extractor) {
  CodedClip clip(path, kId, setting);
  Result result;
  result.worst_psnr = std::numeric_limits<double>::infinity();
  std::unique_ptr<Sized> sized;
  std::uint64_t window_from = 0;
  int index = 0;
  while (const auto frame = clip.next()) {
    if (static_cast<double>(frame->pts) >= limits.seconds * 1e9) break;
    const double fidelity = std::min(psnr(frame->original, frame->marked), 99.0);
    result.psnr += fidelity;
    result.worst_psnr = std::min(result.worst_psnr, fidelity);
    if (!sized) sized = std::make_unique<Sized>(frame->coded);
    if (frame->pts >= window_from + kWindow) {
      ++result.windows;
      count(sized->reader.read(sized->window), result.windows_found, result.wrong);
      sized->window.clear();
      window_from += kWindow;
    }
    if (index++ % limits.every != 0) continue;
    sized->grid.average_down(frame->coded.luma.data(), frame->coded.width, sized->cells.data());
    extractor.field(sized->cells.data(), sized->grid.size(), sized->field.data());
    const int epoch = sized->reader.likeliest_epoch(sized->field.data());
    steg::FieldSum single(sized->grid.size());
    single.add(sized->field.data(), epoch);
    sized->window.add(sized->field.data(), epoch);
    ++result.frames;
    count(sized->reader.read(single), result.frames_found, result.wrong);
    const steg::SoftBits z = sized->reader.soft_bits(single);
    for (std::size_t bit = 0; bit < z.size(); ++bit) {
      const double aligned = sized->codeword[bit] ? -z[bit] : z[bit];
      result.mean_z += aligned / steg::kCodeBits;
      result.bit_accuracy += (aligned > 0 ? 1.0 : 0.0) / steg::kCodeBits;
    }
  }
  if (result.frames > 0) {
    result.psnr /= index;
    result.mean_z /= result.frames;
    result.bit_accuracy /= result.frames;
  }
  return result;
}

}  // namespace recovery
