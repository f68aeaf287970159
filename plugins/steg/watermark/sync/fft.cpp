// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fft.hpp"

#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "../index.hpp"

#if defined(__GNUC__) && defined(__x86_64__)
#define STEG_HAS_AVX2_CLONE 1
#else
#define STEG_HAS_AVX2_CLONE 0
#endif

namespace steg::sync {

namespace {

constexpr double kTwoPi = 6.28318530717958647692;

/// One butterfly of `Radix` inputs, `run` neighbours of each; the inputs lie `in_step` apart, the outputs `run` apart.
struct Butterfly {
  const float* in_re;
  const float* in_im;
  float* out_re;
  float* out_im;
  std::size_t in_step;
  std::size_t run;
  const float* twiddle_re;
  const float* twiddle_im;
};

struct Complex {
  float re, im;
};
inline Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
inline Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
inline Complex operator*(float a, Complex b) { return {a * b.re, a * b.im}; }
inline Complex operator*(Complex a, Complex b) { return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }
/// -i x a
inline Complex turned(Complex a) { return {a.im, -a.re}; }

/// The transform of `Radix` values.
template <int Radix>
__attribute__((always_inline)) inline void small_transform(Complex* x) {
  if constexpr (Radix == 2) {
    const Complex sum = x[0] + x[1];
    x[1] = x[0] - x[1];
    x[0] = sum;
  } else if constexpr (Radix == 3) {
    constexpr float kSin = 0.86602540378443864676F;  // sin(2 pi / 3)
    const Complex sum = x[1] + x[2];
    const Complex across = kSin * turned(x[1] - x[2]);
    const Complex middle = x[0] - 0.5F * sum;
    x[0] = x[0] + sum;
    x[1] = middle + across;
    x[2] = middle - across;
  } else if constexpr (Radix == 4) {
    const Complex even_sum = x[0] + x[2];
    const Complex even_difference = x[0] - x[2];
    const Complex odd_sum = x[1] + x[3];
    const Complex odd_difference = turned(x[1] - x[3]);
    x[0] = even_sum + odd_sum;
    x[1] = even_difference + odd_difference;
    x[2] = even_sum - odd_sum;
    x[3] = even_difference - odd_difference;
  } else {
    constexpr float kCos1 = 0.30901699437494742410F;  // of 2 pi / 5 and 4 pi / 5
    constexpr float kCos2 = -0.80901699437494742410F;
    constexpr float kSin1 = 0.95105651629515357212F;
    constexpr float kSin2 = 0.58778525229247312917F;
    const Complex outer_sum = x[1] + x[4];
    const Complex outer_difference = turned(x[1] - x[4]);
    const Complex inner_sum = x[2] + x[3];
    const Complex inner_difference = turned(x[2] - x[3]);
    const Complex first = x[0] + kCos1 * outer_sum + kCos2 * inner_sum;
    const Complex second = x[0] + kCos2 * outer_sum + kCos1 * inner_sum;
    const Complex across_first = kSin1 * outer_difference + kSin2 * inner_difference;
    const Complex across_second = kSin2 * outer_difference - kSin1 * inner_difference;
    x[0] = x[0] + outer_sum + inner_sum;
    x[1] = first + across_first;
    x[2] = second + across_second;
    x[3] = second - across_second;
    x[4] = first - across_first;
  }
}

template <int Radix>
__attribute__((always_inline)) inline void butterfly_body(const Butterfly& b) {
  const float* __restrict in_re = b.in_re;
  const float* __restrict in_im = b.in_im;
  float* __restrict out_re = b.out_re;
  float* __restrict out_im = b.out_im;
  Complex twiddle[Radix];
  for (int k = 1; k < Radix; ++k) twiddle[k] = {b.twiddle_re[k - 1], b.twiddle_im[k - 1]};
  for (std::size_t j = 0; j < b.run; ++j) {
    Complex x[Radix];
    for (int k = 0; k < Radix; ++k) {
      const std::size_t at = j + static_cast<std::size_t>(k) * b.in_step;
      x[k] = {in_re[at], in_im[at]};
    }
    small_transform<Radix>(x);
    out_re[j] = x[0].re;
    out_im[j] = x[0].im;
    for (int k = 1; k < Radix; ++k) {
      const std::size_t at = j + static_cast<std::size_t>(k) * b.run;
      const Complex y = twiddle[k] * x[k];
      out_re[at] = y.re;
      out_im[at] = y.im;
    }
  }
}

__attribute__((always_inline)) inline void any_body(int radix, const Butterfly& b) {
  switch (radix) {
    case 2:
      return butterfly_body<2>(b);
    case 3:
      return butterfly_body<3>(b);
    case 4:
      return butterfly_body<4>(b);
    default:
      return butterfly_body<5>(b);
  }
}

void any_baseline(int radix, const Butterfly& b) { any_body(radix, b); }

using AnyButterfly = void (*)(int, const Butterfly&);

#if STEG_HAS_AVX2_CLONE
__attribute__((target("avx2,fma"))) void any_avx2(int radix, const Butterfly& b) { any_body(radix, b); }
AnyButterfly fastest() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 ? any_avx2 : any_baseline;
}
#else
AnyButterfly fastest() { return any_baseline; }
#endif

/// out[x x height + y] = in[y x width + x], in tiles that fit the cache.
void transpose(const float* in, float* out, int width, int height) {
  constexpr int kTile = 16;
  for (int top = 0; top < height; top += kTile) {
    const int bottom = top + kTile < height ? top + kTile : height;
    for (int left = 0; left < width; left += kTile) {
      const int right = left + kTile < width ? left + kTile : width;
      for (int x = left; x < right; ++x) {
        for (int y = top; y < bottom; ++y)
          out[index(x) * index(height) + index(y)] = in[index(y) * index(width) + index(x)];
      }
    }
  }
}

/// Rows from `first` on, `height` of them.
void transpose(ComplexPlane& data, ComplexPlane& work, int width, int first, int height) {
  const std::size_t from = index(first) * index(width);
  work.resize(index(width) * index(height));
  transpose(data.re.data() + from, work.re.data(), width, height);
  transpose(data.im.data() + from, work.im.data(), width, height);
  std::swap(data, work);
}

}  // namespace

int fast_size(int n) {
  constexpr int kAliasing = 64;
  for (;; ++n) {
    // Columns whose elements lie a large power of two apart share few cache lines: up to four times slower.
    if (n > kAliasing && n % kAliasing == 0) continue;
    int rest = n;
    for (const int factor : {2, 3, 5}) {
      while (rest % factor == 0) rest /= factor;
    }
    if (rest == 1) return n;
  }
}

Fft::Fft(int size) : size_(size) {
  if (size < 1) throw std::invalid_argument("a transform needs a size");
  int rest = size;
  while (rest > 1) {
    int radix = 0;
    for (const int candidate : {4, 2, 3, 5}) {
      if (radix == 0 && rest % candidate == 0) radix = candidate;
    }
    if (radix == 0) throw std::invalid_argument("no fast transform of size " + std::to_string(size));
    Stage stage{radix, {}, {}};
    for (int p = 0; p < rest / radix; ++p) {
      for (int k = 1; k < radix; ++k) {
        const double angle = -kTwoPi * p * k / rest;
        stage.twiddle_re.push_back(static_cast<float>(std::cos(angle)));
        stage.twiddle_im.push_back(static_cast<float>(std::sin(angle)));
      }
    }
    stages_.push_back(std::move(stage));
    rest /= radix;
  }
}

void Fft::run(float* re, float* im, float* work_re, float* work_im, int lanes) const {
  static const AnyButterfly butterfly = fastest();
  std::size_t run = index(lanes);
  int rest = size_;
  for (const Stage& stage : stages_) {
    const int count = rest / stage.radix;
    const std::size_t in_step = index(count) * run;
    const auto radix = index(stage.radix);
    for (std::size_t p = 0; p < index(count); ++p) {
      butterfly(stage.radix, {re + p * run, im + p * run, work_re + p * radix * run, work_im + p * radix * run, in_step,
                              run, &stage.twiddle_re[p * (radix - 1)], &stage.twiddle_im[p * (radix - 1)]});
    }
    std::swap(re, work_re);
    std::swap(im, work_im);
    run *= radix;
    rest = count;
  }
}

void Fft::forward(ComplexPlane& data, ComplexPlane& work, int lanes) const {
  work.resize(data.re.size());
  run(data.re.data(), data.im.data(), work.re.data(), work.im.data(), lanes);
  if (stages_.size() % 2 != 0) std::swap(data, work);
}

void Fft::inverse(ComplexPlane& data, ComplexPlane& work, int lanes) const {
  std::swap(data.re, data.im);
  forward(data, work, lanes);
  std::swap(data.re, data.im);
}

Fft2d::Fft2d(int width, int height) : columns_(height), rows_(width) {}

void Fft2d::forward(ComplexPlane& data, ComplexPlane& work) const {
  columns_.forward(data, work, width());
  transpose(data, work, width(), 0, height());
  rows_.forward(data, work, height());
}

void Fft2d::inverse(ComplexPlane& data, ComplexPlane& work, int first, int count) const {
  rows_.inverse(data, work, height());
  transpose(data, work, height(), first, count);
  columns_.inverse(data, work, count);
}

}  // namespace steg::sync
