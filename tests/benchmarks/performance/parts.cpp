// SPDX-License-Identifier: LGPL-2.1-or-later
#include "parts.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <random>
#include <stdexcept>

#include "chips.hpp"
#include "encoder.hpp"
#include "extractor.hpp"
#include "grid.hpp"
#include "model_path.hpp"
#include "polar_code.hpp"
#include "reading.hpp"

namespace performance {

using gststeg::Ptr;

double memory_bandwidth() {
  constexpr std::size_t kBytes = std::size_t{256} << 20;
  std::vector<std::uint8_t> from(kBytes, 1);
  std::vector<std::uint8_t> to(kBytes, 2);
  double best = 0;
  for (int run = 0; run < 5; ++run) {
    const Sample sample = time_once([&] { std::memcpy(to.data(), from.data(), kBytes); });
    best = std::max(best, 2e3 * static_cast<double>(kBytes) / sample.cpu);
    from[0] = to[kBytes - 1];
  }
  return best;
}

double clock_rate() {
  constexpr int kRounds = 20000000;
  constexpr int kOperations = 6;  // of a round, each on the result of the one before (xorshift, Marsaglia 2003)
  std::uint64_t value = 88172645463325252U;
  double best = 0;
  for (int run = 0; run < 3; ++run) {
    const Sample sample = time_once([&value] {
      for (int i = 0; i < kRounds; ++i) {
        value ^= value << 13;
        value ^= value >> 7;
        value ^= value << 17;
      }
    });
    best = std::max(best, 1e3 * kRounds * kOperations / sample.cpu);
  }
  // Never so, but the compiler cannot know: the chain must be computed.
  if (value == 0) throw std::logic_error("xorshift came to 0");
  return best;
}

std::vector<Timing> time_grid(const std::string& clip, const Size& size, int frames) {
  std::vector<Ptr<GstBuffer>> pictures = decoded(clip, size, frames);
  steg::LumaGrid grid(size.width, size.height);
  std::vector<float> cells(static_cast<std::size_t>(grid.size().cells()));
  std::vector<float> residual(cells.size());
  std::mt19937_64 rng(7);
  std::normal_distribution<float> level(0, 2);
  for (float& value : residual) value = level(rng);
  std::vector<Sample> down;
  std::vector<Sample> up;
  for (const Ptr<GstBuffer>& picture : pictures) {
    GstMapInfo map;
    if (!gst_buffer_map(picture.get(), &map, GST_MAP_READWRITE)) continue;
    const std::ptrdiff_t stride = (size.width + 3) / 4 * 4;
    down.push_back(time_once([&] { grid.average_down(map.data, stride, cells.data()); }));
    up.push_back(time_once([&] { grid.add_residual(map.data, stride, residual.data(), 1); }));
    gst_buffer_unmap(picture.get(), &map);
  }
  Timing average = summary("average down", size.name(), down);
  Timing add = summary("add the residual", size.name(), up);
  average.pixels = add.pixels = size.pixels();
  average.bytes = size.pixels();
  add.bytes = 2 * size.pixels();
  return {average, add};
}

std::vector<Timing> time_models(int runs) {
  const steg::GridSize size{384, 216};
  const auto cells = static_cast<std::size_t>(size.cells());
  const steg::Key key = steg::Key::public_default();
  const auto encoder = steg::load_encoder(steg::default_model_path("encoder.pt"), 1);
  const auto extractor = steg::load_extractor(steg::default_model_path("extractor.pt"), 1);
  const steg::Reader reader(key, size);
  const std::vector<float> chips = reader.chips().frame("bench", size, 0);
  const auto pattern = encoder->prepare(chips, size);
  std::mt19937_64 rng(7);
  std::uniform_real_distribution<float> grey(0.2F, 0.8F);
  std::vector<float> luma(cells);
  for (float& value : luma) value = grey(rng);
  std::vector<float> out(cells);
  std::normal_distribution<float> noise;
  std::vector<float> field(cells);
  for (std::size_t i = 0; i < cells; ++i) field[i] = 0.08F * chips[i] + noise(rng);
  steg::FieldSum sum(size);
  sum.add(field.data(), 0);
  const steg::SoftBits bits = reader.soft_bits(sum);
  struct Part {
    const char* what;
    std::function<void()> work;
    std::vector<Sample> samples;
  };
  std::vector<Part> parts = {
      {"encoder network, a frame", [&] { encoder->residual(luma.data(), *pattern, size, out.data()); }, {}},
      {"encoder network, a new ID or epoch", [&] { encoder->prepare(chips, size); }, {}},
      {"chips of an ID and epoch", [&] { reader.chips().frame("bench", size, 0); }, {}},
      {"extractor network, a frame", [&] { extractor->field(luma.data(), size, out.data()); }, {}},
      {"list decoding, 256 payloads", [&] { steg::polar_decode_list(bits, 256); }, {}},
      {"blind reading of one field", [&] { reader.read(sum); }, {}},
  };
  for (int run = 0; run < runs; ++run) {
    for (Part& part : parts) part.samples.push_back(time_once(part.work));
  }
  std::vector<Timing> timings;
  for (const Part& part : parts) timings.push_back(summary(part.what, "", part.samples));
  return timings;
}

}  // namespace performance
