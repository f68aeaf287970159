// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plane_grid.hpp"

#include <algorithm>
#include <utility>

#include "index.hpp"

namespace steg {

namespace {

constexpr int kMostLevel = 255;
constexpr int kMostDeepLevel = 1023;
constexpr int kDeepPerLevel = 4;

constexpr int most(bool deep) { return deep ? kMostDeepLevel : kMostLevel; }
/// Column sums of so many rows fit 16 bits.
constexpr int most_rows_per_sum(bool deep) { return 65535 / most(deep); }
/// What a sample is in cells.
constexpr float cell_per_sample(bool deep) { return 1.0F / (kMostLevel * (deep ? kDeepPerLevel : 1)); }

/// By how much the samples are shifted to the left.
constexpr int shift_of(Depth depth) { return depth == Depth::high10 ? 6 : 0; }

}  // namespace

PlaneGrid::PlaneGrid(const PlaneShape& plane, GridSize cells)
    : kernels_(rows::fastest()),
      plane_(plane),
      cells_(cells),
      down_x_(area_axis(plane.width, cells.width)),
      down_y_(area_axis(plane.height, cells.height)),
      sums_(index(samples())),
      square_sums_(index(samples())),
      row_(index(samples())),
      channel_row_(index(plane.width)),
      cell_row_(index(cells.width)),
      wide_rows_{std::vector<rows::Fixed>(index(samples())), std::vector<rows::Fixed>(index(samples()))} {
  if (plane.width >= cells.width) {
    up_x_.emplace(cells.width, plane.width);
  } else {
    shrink_x_ = area_axis(cells.width, plane.width);
  }
  if (plane.height >= cells.height) {
    up_y_.emplace(cells.height, plane.height);
  } else {
    shrink_y_ = area_axis(cells.height, plane.height);
  }
  for (std::vector<float>& row : mean_rows_) row.resize(index(cells.width));
  if (plane.channels > 1) {
    for (std::vector<rows::Fixed>& row : apart_) row.resize(index(plane.width));
  }
}

void PlaneGrid::add_row(const std::uint8_t* row) {
  if (deep()) {
    kernels_.add_deep(row, shift_of(plane_.depth), sums_.data(), samples());
  } else {
    kernels_.add(row, sums_.data(), samples());
  }
}

void PlaneGrid::add_weighted_row(const std::uint8_t* row, float weight) {
  if (deep()) {
    kernels_.add_weighted_deep(row, shift_of(plane_.depth), weight, row_.data(), samples());
  } else {
    kernels_.add_weighted(row, weight, row_.data(), samples());
  }
}

template <int kSide>
void PlaneGrid::average_squares(const std::uint8_t* data, std::ptrdiff_t stride, const Channels<float>& cells) {
  const auto channels = index(plane_.channels);
  const auto starts = index(samples()) - (kSide - 1) * channels;
  const float scale = cell_per_sample(deep()) / (kSide * kSide);
  for (int y = 0; y < cells_.height; ++y) {
    std::fill(sums_.begin(), sums_.end(), std::uint16_t{0});
    for (int t = 0; t < kSide; ++t, data += stride) add_row(data);
    // From every sample on, although only each kSide-th is needed: that is vectorised, and picking them in the sum is
    // not.
    const std::uint16_t* columns = sums_.data();
    std::uint16_t* squares = square_sums_.data();
    for (std::size_t x = 0; x < starts; ++x) {
      std::uint16_t sum = columns[x];
      for (std::size_t t = 1; t < kSide; ++t) sum = static_cast<std::uint16_t>(sum + columns[x + t * channels]);
      squares[x] = sum;
    }
    for (std::size_t c = 0; c < channels; ++c) {
      float* out = cells[c] + index(y) * index(cells_.width);
      const std::uint16_t* from = squares + c;
      for (std::size_t i = 0; i < index(cells_.width); ++i)
        out[i] = static_cast<float>(from[i * kSide * channels]) * scale;
    }
  }
}

void PlaneGrid::average_down(const std::uint8_t* data, std::ptrdiff_t stride, const Channels<float>& cells) {
  const auto squares = [this](int side) {
    return plane_.width == side * cells_.width && plane_.height == side * cells_.height &&
           side * side * most(deep()) <= 65535;
  };
  // 1080 and 2160 lines.
  if (squares(5)) return average_squares<5>(data, stride, cells);
  if (squares(10)) return average_squares<10>(data, stride, cells);
  const float whole_row = static_cast<float>(cells_.height) / static_cast<float>(plane_.height);
  for (int y = 0; y < cells_.height; ++y) {
    std::fill(row_.begin(), row_.end(), 0.0F);
    std::fill(sums_.begin(), sums_.end(), std::uint16_t{0});
    int summed = 0;
    const auto flush = [&] {
      kernels_.add_weighted_sums(sums_.data(), whole_row, row_.data(), samples());
      summed = 0;
    };
    for (int t = 0; t < down_y_.taps; ++t) {
      const float weight = down_y_.weights[index(y * down_y_.taps + t)];
      const std::uint8_t* row = data + stride * (down_y_.first[index(y)] + t);
      if (weight == whole_row) {
        if (summed == most_rows_per_sum(deep())) {
          flush();
          std::fill(sums_.begin(), sums_.end(), std::uint16_t{0});
        }
        add_row(row);
        ++summed;
      } else if (weight > 0) {
        add_weighted_row(row, weight);
      }
    }
    if (summed > 0) flush();
    split_row(y, cells);
  }
}

void PlaneGrid::split_row(int y, const Channels<float>& cells) {
  const std::size_t at = index(y) * index(cells_.width);
  const float scale = cell_per_sample(deep());
  if (plane_.channels == 1) return resample(down_x_, row_.data(), scale, cells[0] + at);
  const auto channels = index(plane_.channels);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t x = 0; x < channel_row_.size(); ++x) channel_row_[x] = row_[x * channels + c];
    resample(down_x_, channel_row_.data(), scale, cells[c] + at);
  }
}

void PlaneGrid::widen_channel(const float* residual, float strength, rows::Fixed* out) {
  if (up_x_) {
    kernels_.to_fixed(residual, strength, cell_row_.data(), cells_.width);
    kernels_.interpolate(*up_x_, cell_row_.data(), out);
  } else {
    resample(shrink_x_, residual, 1, channel_row_.data());
    kernels_.to_fixed(channel_row_.data(), strength, out, plane_.width);
  }
}

void PlaneGrid::widen(const Channels<const float>& residual, float strength, rows::Fixed* out) {
  if (plane_.channels == 1) return widen_channel(residual[0], strength, out);
  for (std::size_t c = 0; c < apart_.size(); ++c) widen_channel(residual[c], strength, apart_[c].data());
  kernels_.interleave(apart_[0].data(), apart_[1].data(), out, plane_.width);
}

void PlaneGrid::blend(const std::uint8_t* from, std::uint8_t* to, const rows::Fixed* upper, const rows::Fixed* lower,
                      rows::Share second) {
  if (deep()) {
    kernels_.blend_deep(from, to, shift_of(plane_.depth), upper, lower, second, samples());
  } else {
    kernels_.blend(from, to, upper, lower, second, samples());
  }
}

void PlaneGrid::add_enlarged(BasicPlane<const std::uint8_t> from, BasicPlane<std::uint8_t> to,
                             const Channels<const float>& residual, float strength) {
  const auto row_of = [&](int y) {
    const std::size_t at = index(y) * index(cells_.width);
    return Channels<const float>{residual[0] + at, residual[1] ? residual[1] + at : nullptr};
  };
  rows::Fixed* upper = wide_rows_[0].data();
  rows::Fixed* lower = wide_rows_[1].data();
  widen(row_of(0), strength, upper);
  widen(row_of(1), strength, lower);
  int row = 0;
  for (int y = 0; y < plane_.height; ++y, from.data += from.stride, to.data += to.stride) {
    if (up_y_->first[index(y)] > row) {
      ++row;
      std::swap(upper, lower);
      widen(row_of(row + 1), strength, lower);
    }
    blend(from.data, to.data, upper, lower, up_y_->second[index(y)]);
  }
}

void PlaneGrid::add_shrunk(BasicPlane<const std::uint8_t> from, BasicPlane<std::uint8_t> to,
                           const Channels<const float>& residual, float strength) {
  rows::Fixed* wide = wide_rows_[0].data();
  for (int y = 0; y < plane_.height; ++y, from.data += from.stride, to.data += to.stride) {
    for (std::size_t c = 0; c < index(plane_.channels); ++c) {
      std::vector<float>& mean = mean_rows_[c];
      std::fill(mean.begin(), mean.end(), 0.0F);
      for (int t = 0; t < shrink_y_.taps; ++t) {
        const float weight = shrink_y_.weights[index(y * shrink_y_.taps + t)];
        const float* row = residual[c] + index(shrink_y_.first[index(y)] + t) * index(cells_.width);
        for (std::size_t x = 0; weight > 0 && x < mean.size(); ++x) mean[x] += weight * row[x];
      }
    }
    widen({mean_rows_[0].data(), mean_rows_[1].data()}, strength, wide);
    blend(from.data, to.data, wide, wide, 0);
  }
}

void PlaneGrid::add_residual(const BasicPlane<const std::uint8_t>& from, const BasicPlane<std::uint8_t>& to,
                             const Channels<const float>& residual, float strength) {
  if (up_y_) {
    add_enlarged(from, to, residual, strength);
  } else {
    add_shrunk(from, to, residual, strength);
  }
}

}  // namespace steg
