// SPDX-License-Identifier: LGPL-2.1-or-later
#include "parts.hpp"

#include <gst/video/video.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <random>
#include <stdexcept>

#include "chips.hpp"
#include "encoder.hpp"
#include "extractor.hpp"
#include "model_path.hpp"
#include "picture_grid.hpp"
#include "plugins/steg/frame_picture.hpp"
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
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, static_cast<guint>(size.width),
                            static_cast<guint>(size.height));
  steg::PictureGrid grid(steg::shape_of(info), steg::kAllPlanes);
  std::vector<float> cells(grid.layout().cells());
  std::vector<float> residual(cells.size());
  std::mt19937_64 rng(7);
  std::normal_distribution<float> level(0, 2);
  for (float& value : residual) value = level(rng);
  std::vector<Sample> down;
  std::vector<Sample> up;
  for (const Ptr<GstBuffer>& picture : pictures) {
    gststeg::VideoFrame frame(info, picture.get(), GST_MAP_READWRITE);
    if (!frame) continue;
    const steg::WritablePicture planes = steg::picture_of(frame);
    down.push_back(time_once([&] { grid.average_down(planes, cells.data()); }));
    up.push_back(time_once([&] { grid.add_residual(planes, residual.data(), 1); }));
  }
  Timing average = summary("average down", size.name(), down);
  Timing add = summary("add the residual", size.name(), up);
  average.pixels = add.pixels = size.pixels();
  average.bytes = size.pixels() * 3 / 2;
  add.bytes = 2 * average.bytes;
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
  constexpr float kPixels = 5.0F;
  const auto pattern = encoder->prepare(chips, size, kPixels);
  std::unique_ptr<steg::Context> context;
  std::mt19937_64 rng(7);
  std::uniform_real_distribution<float> grey(0.2F, 0.8F);
  std::vector<float> seen(std::max(encoder->layout(size).cells(), extractor->layout(size).cells()));
  for (float& value : seen) value = grey(rng);
  std::vector<float> out(seen.size());
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
      {"encoder network, a frame", [&] { encoder->look(seen.data(), size, context); }, {}},
      {"encoder network, each recipient of it", [&] { encoder->residual(*context, *pattern, size); }, {}},
      {"encoder network, a new ID or epoch", [&] { encoder->prepare(chips, size, kPixels); }, {}},
      {"chips of an ID and epoch", [&] { reader.chips().frame("bench", size, 0); }, {}},
      {"extractor network, a frame", [&] { extractor->field(seen.data(), size, out.data()); }, {}},
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
