// Y, Cb and Cr of pictures of every layout, compared with plain loops.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "picture_grid.hpp"
#include "random.hpp"
#include "reference_grid.hpp"

using namespace steg;
using steg::test::kGuard;

namespace {

constexpr int kPadding = 6;  // bytes at the end of each row, which must not change

/// A layout of memory that elements or files bring, by GStreamer's name for it.
struct Layout {
  std::string name;
  int across, down;  ///< luma samples of one chroma sample; 0: no chroma
  Depth depth;
  bool interleaved;
  bool cr_first;
};

const std::vector<Layout> kLayouts = {
    {"I420", 2, 2, Depth::bits8, false, false},      {"YV12", 2, 2, Depth::bits8, false, true},
    {"NV12", 2, 2, Depth::bits8, true, false},       {"NV21", 2, 2, Depth::bits8, true, true},
    {"Y42B", 2, 1, Depth::bits8, false, false},      {"Y444", 1, 1, Depth::bits8, false, false},
    {"GRAY8", 0, 0, Depth::bits8, false, false},     {"I420_10LE", 2, 2, Depth::low10, false, false},
    {"P010_10LE", 2, 2, Depth::high10, true, false}, {"I422_10LE", 2, 1, Depth::low10, false, false},
    {"Y444_10LE", 1, 1, Depth::low10, false, false},
};

/// A picture of noise in memory of its own.
class Memory {
 public:
  Memory(const Layout& layout, int width, int height, test::Rng& rng) : layout_(layout) {
    picture_.shape.width = width;
    picture_.shape.height = height;
    picture_.shape.depth = layout.depth;
    picture_.shape.interleaved = layout.interleaved;
    if (layout.across > 0) {
      picture_.shape.chroma_width = (width + layout.across - 1) / layout.across;
      picture_.shape.chroma_height = (height + layout.down - 1) / layout.down;
    }
    std::vector<GridSize> planes{{width, height}};
    const GridSize chroma = size(1);
    if (layout.interleaved) planes.push_back({2 * chroma.width, chroma.height});
    if (layout.across > 0 && !layout.interleaved) planes.insert(planes.end(), 2, chroma);
    for (const GridSize plane : planes) {
      starts_.push_back(bytes_.size());
      strides_.push_back(plane.width * sample_bytes() + kPadding);
      bytes_.resize(bytes_.size() + static_cast<std::size_t>(strides_.back() * plane.height), kGuard);
    }
    for (int component = 0; component < components(); ++component) {
      for (int y = 0; y < size(component).height; ++y)
        for (int x = 0; x < size(component).width; ++x) set(component, x, y, static_cast<int>(rng()) & most());
    }
  }

  int components() const { return layout_.across > 0 ? 3 : 1; }
  int most() const { return layout_.depth == Depth::bits8 ? 255 : 1023; }
  double per_level() const { return layout_.depth == Depth::bits8 ? 1 : 4; }
  GridSize size(int component) const {
    const PictureShape& shape = picture_.shape;
    return component == 0 ? GridSize{shape.width, shape.height} : GridSize{shape.chroma_width, shape.chroma_height};
  }

  int at(int component, int x, int y) const {
    const std::uint8_t* sample = bytes_.data() + place(component, x, y);
    if (layout_.depth == Depth::bits8) return *sample;
    std::uint16_t value = 0;
    std::memcpy(&value, sample, 2);
    return value >> shift();
  }
  std::vector<double> levels(int component) const {
    std::vector<double> values;
    values.reserve(static_cast<std::size_t>(size(component).cells()));
    for (int y = 0; y < size(component).height; ++y)
      for (int x = 0; x < size(component).width; ++x) values.push_back(at(component, x, y) / per_level());
    return values;
  }

  /// All planes with their padding.
  const std::vector<std::uint8_t>& bytes() const { return bytes_; }

  WritablePicture picture() {
    WritablePicture all = picture_;
    all.luma = plane(0);
    if (components() == 3) {
      all.cb = plane(1);
      all.cr = plane(2);
    }
    return all;
  }

  bool padding_untouched() const {
    for (std::size_t plane = 0; plane < starts_.size(); ++plane) {
      const std::size_t end = plane + 1 < starts_.size() ? starts_[plane + 1] : bytes_.size();
      const auto stride = static_cast<std::size_t>(strides_[plane]);
      for (std::size_t row = starts_[plane]; row < end; row += stride)
        for (std::size_t i = stride - kPadding; i < stride; ++i)
          if (bytes_[row + i] != kGuard) return false;
    }
    return true;
  }

 private:
  int sample_bytes() const { return layout_.depth == Depth::bits8 ? 1 : 2; }
  int shift() const { return layout_.depth == Depth::high10 ? 6 : 0; }
  std::size_t place(int component, int x, int y) const {
    const bool second = component > 0 && (component == 1) == layout_.cr_first;  // of the two of chroma in memory
    const std::size_t plane = component == 0 ? 0 : layout_.interleaved ? 1 : second ? 2 : 1;
    const int step = component > 0 && layout_.interleaved ? 2 : 1;
    const int sample = step * x + (step == 2 && second ? 1 : 0);
    return starts_[plane] + static_cast<std::size_t>(y * strides_[plane] + sample * sample_bytes());
  }
  BasicPlane<std::uint8_t> plane(int component) {
    return {
        bytes_.data() + place(component, 0, 0),
        size(component).height > 1 ? static_cast<std::ptrdiff_t>(place(component, 0, 1) - place(component, 0, 0)) : 0};
  }
  void set(int component, int x, int y, int level) {
    std::uint8_t* sample = bytes_.data() + place(component, x, y);
    if (layout_.depth == Depth::bits8) {
      *sample = static_cast<std::uint8_t>(level);
    } else {
      const auto value = static_cast<std::uint16_t>(level << shift());
      std::memcpy(sample, &value, 2);
    }
  }

  Layout layout_;
  WritablePicture picture_;
  std::vector<std::uint8_t> bytes_;
  std::vector<std::size_t> starts_;
  std::vector<int> strides_;
};

/// Fewer samples than cells along both axes, one, or only those of chroma; and the usual ones, of some layouts.
std::vector<std::pair<int, int>> sizes(const Layout& layout) {
  std::vector<std::pair<int, int>> all = {{64, 64}, {99, 215}, {321, 241}};
  if (layout.name == "I420" || layout.name == "P010_10LE") all.emplace_back(1920, 1080);
  return all;
}

}  // namespace

TEST_CASE("The cells of all planes are their area averages, in every layout", "[grid]") {
  test::Rng rng(60);
  for (const Layout& layout : kLayouts) {
    for (const auto& [width, height] : sizes(layout)) {
      CAPTURE(layout.name, width, height);
      Memory memory(layout, width, height, rng);
      PictureGrid grid(memory.picture().shape, kAllPlanes);
      const CellLayout cells = grid.layout();
      std::vector<float> seen(cells.cells(), -1.0F);
      grid.average_down(memory.picture(), seen.data());
      for (int component = 0; component < 3; ++component) {
        const std::size_t from = static_cast<std::size_t>(component) * cells.plane_cells();
        std::vector<double> expected(cells.plane_cells(), 128.0);
        if (component < memory.components())
          expected = test::resample(memory.levels(component), memory.size(component), cells.grid, test::area_weights);
        double worst = 0;
        for (std::size_t i = 0; i < expected.size(); ++i)
          worst = std::max(worst, std::fabs(static_cast<double>(seen[from + i]) - expected[i] / 255));
        CHECK(worst < 1e-5);
      }
      std::vector<float> luma(cells.plane_cells());
      PictureGrid(memory.picture().shape, kLumaOnly).average_down(memory.picture(), luma.data());
      CHECK(std::equal(luma.begin(), luma.end(), seen.begin()));
    }
  }
}

TEST_CASE("The residual of every plane is interpolated, rounded and saturated at full depth", "[grid]") {
  test::Rng rng(61);
  for (const Layout& layout : kLayouts) {
    for (const auto& [width, height] : sizes(layout)) {
      CAPTURE(layout.name, width, height);
      Memory memory(layout, width, height, rng);
      const Memory before = memory;
      PictureGrid grid(memory.picture().shape, kAllPlanes);
      const CellLayout cells = grid.layout();
      const float strength = 1.5F;
      const std::vector<float> residual = test::gaussian(rng, cells.cells(), 20);
      // A picture without chroma gets four times as much as it is asked for.
      grid.add_residual(memory.picture(), residual.data(), memory.components() == 1 ? strength / 4 : strength);
      CHECK(memory.padding_untouched());
      for (int component = 0; component < memory.components(); ++component) {
        CAPTURE(component);
        const auto from = residual.begin() + component * static_cast<std::ptrdiff_t>(cells.plane_cells());
        const GridSize size = memory.size(component);
        const auto added = test::resample({from, from + static_cast<std::ptrdiff_t>(cells.plane_cells())}, cells.grid,
                                          size, test::up_weights);
        int wrong = 0;
        int saturated = 0;
        for (int y = 0; y < size.height; ++y) {
          for (int x = 0; x < size.width; ++x) {
            const double exact = before.at(component, x, y) +
                                 memory.per_level() * strength * added[static_cast<std::size_t>(y * size.width + x)];
            const double rounded = std::clamp(std::floor(exact + 0.5), 0.0, static_cast<double>(memory.most()));
            const double from_half = std::fabs(exact - std::floor(exact) - 0.5);
            saturated += exact < 0 || exact > memory.most();
            if (memory.at(component, x, y) != rounded && from_half > memory.per_level() / 25) ++wrong;
            if (std::abs(memory.at(component, x, y) - static_cast<int>(rounded)) > 1) ++wrong;
          }
        }
        CHECK(wrong == 0);
        CHECK(saturated > 0);
      }
    }
  }
}

TEST_CASE("A mark in luma alone leaves chroma as it is", "[grid]") {
  test::Rng rng(62);
  for (const Layout& layout : kLayouts) {
    CAPTURE(layout.name);
    Memory memory(layout, 320, 240, rng);
    const Memory before = memory;
    PictureGrid grid(memory.picture().shape, kLumaOnly);
    const std::vector<float> residual(grid.layout().cells(), 9.0F);
    grid.add_residual(memory.picture(), residual.data(), 1);
    CHECK(memory.levels(0) != before.levels(0));
    for (int component = 1; component < memory.components(); ++component)
      CHECK(memory.levels(component) == before.levels(component));
  }
}

TEST_CASE("A network of luma alone marks a grey picture as it marks the luma of others", "[grid]") {
  test::Rng rng(64);
  Memory colour(kLayouts.front(), 320, 240, rng);
  test::Rng again(64);
  Memory grey({"GRAY8", 0, 0, Depth::bits8, false, false}, 320, 240, again);
  REQUIRE(grey.levels(0) == colour.levels(0));
  PictureGrid in_colour(colour.picture().shape, kLumaOnly);
  PictureGrid in_grey(grey.picture().shape, kLumaOnly);
  const std::vector<float> residual = test::gaussian(rng, in_grey.layout().cells(), 20);
  in_colour.add_residual(colour.picture(), residual.data(), 1);
  in_grey.add_residual(grey.picture(), residual.data(), 1);
  CHECK(grey.levels(0) == colour.levels(0));
}

TEST_CASE("A marked copy is what marking in place gives, all of it", "[grid]") {
  test::Rng rng(63);
  for (const Layout& layout : kLayouts) {
    for (const auto& [width, height] : sizes(layout)) {
      for (const int planes : {kLumaOnly, kAllPlanes}) {
        CAPTURE(layout.name, width, height, planes);
        Memory original(layout, width, height, rng);
        Memory in_place = original;
        Memory copy(layout, width, height, rng);
        PictureGrid grid(original.picture().shape, planes);
        const std::vector<float> residual = test::gaussian(rng, grid.layout().cells(), 20);
        grid.add_residual(original.picture(), copy.picture(), residual.data(), 1);
        grid.add_residual(in_place.picture(), residual.data(), 1);
        CHECK(copy.padding_untouched());
        CHECK(copy.bytes() == in_place.bytes());
      }
    }
  }
}
