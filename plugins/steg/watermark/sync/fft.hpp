// A discrete Fourier transform in two dimensions.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace steg::sync {

/// The smallest size not below `n` (n >= 1) whose transform is fast: a product of 2s, 3s and 5s, and above 64 no
/// multiple of 64.
int fast_size(int n);

/// Complex numbers, real and imaginary parts apart.
struct ComplexPlane {
  std::vector<float> re, im;
  void resize(std::size_t size) {
    re.resize(size);
    im.resize(size);
  }
};

/// Transforms of many columns at once: element k of lane j is at k x lanes + j, so that the loops run over lanes.
/// Stockham's autosort algorithm (Cochran et al. 1967) in radices 4, 2, 3 and 5, single precision.
class Fft {
 public:
  /// Throws std::invalid_argument unless `size` is a product of 2s, 3s and 5s.
  explicit Fft(int size);
  int size() const { return size_; }

  /// X[k] = sum over n of x[n] exp(-2 pi i k n / size), in place. `work` is work space.
  void forward(ComplexPlane& data, ComplexPlane& work, int lanes) const;
  /// The inverse without the factor 1 / size.
  void inverse(ComplexPlane& data, ComplexPlane& work, int lanes) const;

 private:
  struct Stage {
    int radix;
    std::vector<float> twiddle_re, twiddle_im;  ///< (radix - 1) for each of the butterflies
  };
  void run(float* re, float* im, float* work_re, float* work_im, int lanes) const;

  int size_;
  std::vector<Stage> stages_;
};

/// In two dimensions. The spectrum is transposed: frequency (u, v) is at u x height + v.
class Fft2d {
 public:
  Fft2d(int width, int height);
  int width() const { return rows_.size(); }
  int height() const { return columns_.size(); }
  std::size_t size() const { return static_cast<std::size_t>(width()) * static_cast<std::size_t>(height()); }

  /// In place; `data` holds width x height values row by row, then the spectrum. One `work` per thread.
  void forward(ComplexPlane& data, ComplexPlane& work) const;
  /// From the spectrum back to `count` columns from `first` on, without the factor 1 / (width x height): `data` then
  /// holds count x height values row by row. Columns that nobody looks at cost half as much.
  void inverse(ComplexPlane& data, ComplexPlane& work, int first, int count) const;

 private:
  Fft columns_;
  Fft rows_;
};

}  // namespace steg::sync
