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

/// One pass of a transform: butterflies of `radix` elements, (radix - 1) twiddle factors for each.
struct FftStage {
  int radix;
  std::vector<float> twiddle_re, twiddle_im;
};

/// Transforms a strip of kLanes columns at once: element k of lane j is at k x kLanes + j, so that the loops run over
/// lanes, and a strip stays in the first cache from its first pass to its last. Stockham's autosort algorithm (Cochran
/// et al. 1967) in radices 4, 2, 3 and 5, single precision.
class Fft {
 public:
  static constexpr std::size_t kLanes = 16;

  /// Throws std::invalid_argument unless `size` is a product of 2s, 3s and 5s.
  explicit Fft(int size);
  int size() const { return size_; }

  /// X[k] = sum over n of x[n] exp(-2 pi i k n / size), in place, of size x kLanes numbers. `work` is work space.
  void forward(ComplexPlane& strip, ComplexPlane& work) const;

 private:
  int size_;
  std::vector<FftStage> stages_;
};

/// Work space of two-dimensional transforms of any size, one per thread.
struct FftWork {
  ComplexPlane plane, strip, other;
};

/// In two dimensions. The spectrum is transposed: frequency (u, v) is at u x height + v.
class Fft2d {
 public:
  Fft2d(int width, int height);
  int width() const { return rows_.size(); }
  int height() const { return columns_.size(); }
  std::size_t size() const { return static_cast<std::size_t>(width()) * static_cast<std::size_t>(height()); }

  /// In place; `data` holds width x height values row by row, then the spectrum.
  void forward(ComplexPlane& data, FftWork& work) const;
  /// From the spectrum back to `count` columns from `first` on, without the factor 1 / (width x height): `data` then
  /// holds count x height values row by row. Columns that nobody looks at cost half as much.
  void inverse(ComplexPlane& data, FftWork& work, int first, int count) const;

 private:
  Fft columns_;
  Fft rows_;
};

}  // namespace steg::sync
