// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fft.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

#include "plugins/steg/watermark/index.hpp"

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

/// Eight lanes in a register, or in two of a processor without AVX: the compiler does not see by itself that the loops
/// over lanes have no other order.
using Vector = float __attribute__((vector_size(32)));
constexpr std::size_t kVector = sizeof(Vector) / sizeof(float);
static_assert(Fft::kLanes % kVector == 0);

#define STEG_INLINE __attribute__((always_inline)) inline

struct Complex {
  Vector re, im;
};
STEG_INLINE Complex operator+(const Complex& a, const Complex& b) { return {a.re + b.re, a.im + b.im}; }
STEG_INLINE Complex operator-(const Complex& a, const Complex& b) { return {a.re - b.re, a.im - b.im}; }
STEG_INLINE Complex operator*(float a, const Complex& b) { return {a * b.re, a * b.im}; }
/// -i x a
STEG_INLINE Complex turned(const Complex& a) { return {a.im, -a.re}; }
STEG_INLINE void load(const float* from, Vector& to) { std::memcpy(&to, from, sizeof(Vector)); }
STEG_INLINE void store(const Vector& from, float* to) { std::memcpy(to, &from, sizeof(Vector)); }

/// The transform of `Radix` values.
template <int Radix>
STEG_INLINE void small_transform(Complex* x) {
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
STEG_INLINE void butterfly_body(const Butterfly& b) {
  for (std::size_t j = 0; j < b.run; j += kVector) {
    Complex x[Radix];
#pragma GCC unroll 5
    for (std::size_t k = 0; k < Radix; ++k) {
      load(b.in_re + j + k * b.in_step, x[k].re);
      load(b.in_im + j + k * b.in_step, x[k].im);
    }
    small_transform<Radix>(x);
    store(x[0].re, b.out_re + j);
    store(x[0].im, b.out_im + j);
#pragma GCC unroll 5
    for (std::size_t k = 1; k < Radix; ++k) {
      const float re = b.twiddle_re[k - 1];
      const float im = b.twiddle_im[k - 1];
      store(re * x[k].re - im * x[k].im, b.out_re + j + k * b.run);
      store(re * x[k].im + im * x[k].re, b.out_im + j + k * b.run);
    }
  }
}

template <int Radix>
STEG_INLINE void stage_body(const FftStage& stage, std::size_t run, Butterfly b) {
  const std::size_t count = stage.twiddle_re.size() / (Radix - 1);
  b.in_step = count * run;
  b.run = run;
  for (std::size_t p = 0; p < count; ++p) {
    b.twiddle_re = &stage.twiddle_re[p * (Radix - 1)];
    b.twiddle_im = &stage.twiddle_im[p * (Radix - 1)];
    butterfly_body<Radix>(b);
    b.in_re += run;
    b.in_im += run;
    b.out_re += Radix * run;
    b.out_im += Radix * run;
  }
}

STEG_INLINE void any_stage(const FftStage& stage, std::size_t run, const Butterfly& b) {
  switch (stage.radix) {
    case 2:
      return stage_body<2>(stage, run, b);
    case 3:
      return stage_body<3>(stage, run, b);
    case 4:
      return stage_body<4>(stage, run, b);
    default:
      return stage_body<5>(stage, run, b);
  }
}

void stage_baseline(const FftStage& stage, std::size_t run, const Butterfly& b) { any_stage(stage, run, b); }

using StageFunction = void (*)(const FftStage&, std::size_t, const Butterfly&);

#if STEG_HAS_AVX2_CLONE
__attribute__((target("avx2,fma"))) void stage_avx2(const FftStage& stage, std::size_t run, const Butterfly& b) {
  any_stage(stage, run, b);
}
StageFunction fastest() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 ? stage_avx2 : stage_baseline;
}
#else
StageFunction fastest() { return stage_baseline; }
#endif

void copy_lanes(const float* from, std::size_t lanes, float* to) {
  // A size that the compiler knows is two moves instead of a call.
  if (lanes == Fft::kLanes) {
    std::memcpy(to, from, Fft::kLanes * sizeof(float));
  } else {
    std::copy_n(from, lanes, to);
  }
}

/// `size` rows, `stride` apart, of `lanes` numbers to a strip, whose further lanes get 0.
void to_strip(const float* in, std::size_t stride, std::size_t size, std::size_t lanes, float* strip) {
  if (lanes < Fft::kLanes) std::fill_n(strip, size * Fft::kLanes, 0.0F);
  for (std::size_t k = 0; k < size; ++k) copy_lanes(in + k * stride, lanes, strip + k * Fft::kLanes);
}

void from_strip(const float* strip, std::size_t size, std::size_t lanes, float* out, std::size_t stride) {
  for (std::size_t k = 0; k < size; ++k) copy_lanes(strip + k * Fft::kLanes, lanes, out + k * stride);
}

/// Four by four numbers, rows `in_step` and `out_step` apart.
STEG_INLINE void transpose_four(const float* in, std::size_t in_step, float* out, std::size_t out_step) {
  using Four = float __attribute__((vector_size(16)));
  std::array<Four, 4> rows;
  for (std::size_t i = 0; i < 4; ++i) std::memcpy(&rows[i], in + i * in_step, sizeof(Four));
  const Four first_low = __builtin_shufflevector(rows[0], rows[1], 0, 4, 1, 5);
  const Four first_high = __builtin_shufflevector(rows[0], rows[1], 2, 6, 3, 7);
  const Four second_low = __builtin_shufflevector(rows[2], rows[3], 0, 4, 1, 5);
  const Four second_high = __builtin_shufflevector(rows[2], rows[3], 2, 6, 3, 7);
  rows = {__builtin_shufflevector(first_low, second_low, 0, 1, 4, 5),
          __builtin_shufflevector(first_low, second_low, 2, 3, 6, 7),
          __builtin_shufflevector(first_high, second_high, 0, 1, 4, 5),
          __builtin_shufflevector(first_high, second_high, 2, 3, 6, 7)};
  for (std::size_t i = 0; i < 4; ++i) std::memcpy(out + i * out_step, &rows[i], sizeof(Four));
}

/// Each lane's `count` elements become a row.
void transposed_from_strip(const float* strip, std::size_t count, std::size_t lanes, float* out) {
  const std::size_t whole_count = count / 4 * 4;
  const std::size_t whole_lanes = lanes / 4 * 4;
  for (std::size_t j = 0; j < whole_lanes; j += 4) {
    for (std::size_t k = 0; k < whole_count; k += 4)
      transpose_four(strip + k * Fft::kLanes + j, Fft::kLanes, out + j * count + k, count);
  }
  for (std::size_t j = 0; j < lanes; ++j) {
    for (std::size_t k = j < whole_lanes ? whole_count : 0; k < count; ++k)
      out[j * count + k] = strip[k * Fft::kLanes + j];
  }
}

/// Transforms each column of a plane of `lanes` columns, a strip at a time: use(first lane, lanes) gets it in
/// work.strip.
template <typename Use>
void for_strips(const Fft& fft, const ComplexPlane& data, FftWork& work, std::size_t lanes, Use use) {
  const std::size_t size = index(fft.size());
  work.strip.resize(size * Fft::kLanes);
  for (std::size_t first = 0; first < lanes; first += Fft::kLanes) {
    const std::size_t some = std::min(Fft::kLanes, lanes - first);
    to_strip(&data.re[first], lanes, size, some, work.strip.re.data());
    to_strip(&data.im[first], lanes, size, some, work.strip.im.data());
    fft.forward(work.strip, work.other);
    use(first, some);
  }
}

void transform_columns(const Fft& fft, ComplexPlane& data, FftWork& work, std::size_t lanes) {
  for_strips(fft, data, work, lanes, [&](std::size_t first, std::size_t some) {
    from_strip(work.strip.re.data(), index(fft.size()), some, &data.re[first], lanes);
    from_strip(work.strip.im.data(), index(fft.size()), some, &data.im[first], lanes);
  });
}

/// The same, and then `count` rows from row `from` on become columns: of a plane of `count` columns and `lanes` rows.
void transform_and_transpose(const Fft& fft, ComplexPlane& data, FftWork& work, std::size_t lanes, std::size_t from,
                             std::size_t count) {
  work.plane.resize(lanes * count);
  for_strips(fft, data, work, lanes, [&](std::size_t first, std::size_t some) {
    transposed_from_strip(&work.strip.re[from * Fft::kLanes], count, some, &work.plane.re[first * count]);
    transposed_from_strip(&work.strip.im[from * Fft::kLanes], count, some, &work.plane.im[first * count]);
  });
  std::swap(data, work.plane);
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
    FftStage stage{radix, {}, {}};
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

void Fft::forward(ComplexPlane& strip, ComplexPlane& work) const {
  static const StageFunction transform = fastest();
  work.resize(strip.re.size());
  std::size_t run = kLanes;
  for (const FftStage& stage : stages_) {
    Butterfly butterfly{};
    butterfly.in_re = strip.re.data();
    butterfly.in_im = strip.im.data();
    butterfly.out_re = work.re.data();
    butterfly.out_im = work.im.data();
    transform(stage, run, butterfly);
    std::swap(strip, work);
    run *= index(stage.radix);
  }
}

Fft2d::Fft2d(int width, int height) : columns_(height), rows_(width) {}

void Fft2d::forward(ComplexPlane& data, FftWork& work) const {
  transform_and_transpose(columns_, data, work, index(width()), 0, index(height()));
  transform_columns(rows_, data, work, index(height()));
}

void Fft2d::inverse(ComplexPlane& data, FftWork& work, int first, int count) const {
  // With real and imaginary parts exchanged before and after, the forward transform is the inverse one.
  std::swap(data.re, data.im);
  transform_and_transpose(rows_, data, work, index(height()), index(first), index(count));
  transform_columns(columns_, data, work, index(count));
  std::swap(data.re, data.im);
}

}  // namespace steg::sync
