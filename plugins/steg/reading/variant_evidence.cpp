// SPDX-License-Identifier: LGPL-2.1-or-later
#include "variant_evidence.hpp"

#include <algorithm>
#include <cmath>

#include "plugins/steg/watermark/index.hpp"

namespace steg {
namespace {

constexpr double kCodeNorm = 16;  // sqrt(kCodeBits)
constexpr unsigned kSets = 1U << kMostVariants;
// What is expected before anything is seen: a position that was not told rightly, or shows nothing; one variant, as in
// nearly all segments; several.
constexpr double kPriorOfNone = 0.02;
constexpr double kPriorOfMix = 0.08;
constexpr double kPriorOfOne = 1 - kPriorOfNone - kPriorOfMix;
constexpr double kMixes = 11;  // sets of two or more
constexpr double kSure = 0.95;
constexpr double kLeastStrength = 1;

int size_of(unsigned set) {
  int size = 0;
  for (int v = 0; v < kMostVariants; ++v) size += (set >> v & 1U) != 0 ? 1 : 0;
  return size;
}

double prior(int size) {
  if (size == 0) return kPriorOfNone;
  return size == 1 ? kPriorOfOne / kMostVariants : kPriorOfMix / kMixes;
}

/// ln of how much likelier the code bits are if each of the set's variants is there with that strength, than without.
double code_likelihood(const VariantEvidence& evidence, unsigned set, double strength) {
  double sum = 0;
  const double amplitude = std::sqrt(2.0) * strength / kCodeNorm;
  for (std::size_t k = 0; k < evidence.z.size(); ++k) {
    double mean = 0;
    for (int v = 0; v < kMostVariants; ++v)
      if ((set >> v & 1U) != 0) mean += evidence.codewords[index(v)][k] != 0 ? -amplitude : amplitude;
    sum += mean * (static_cast<double>(evidence.z[k]) - mean / 2);
  }
  return sum;
}

double signature_likelihood(const VariantEvidence& evidence, unsigned set, double strength) {
  double sum = 0;
  for (int v = 0; v < kMostVariants; ++v)
    if ((set >> v & 1U) != 0) sum += strength * (evidence.signatures[index(v)] - strength / 2);
  return sum;
}

}  // namespace

double code_agreement(const SoftBits& z, const Codeword& codeword) {
  double sum = 0;
  for (std::size_t k = 0; k < z.size(); ++k) sum += static_cast<double>(codeword[k] != 0 ? -z[k] : z[k]);
  return sum / kCodeNorm;
}

VariantReading read_variants(const VariantEvidence& evidence) {
  std::array<double, kSets> likelihood{};
  for (unsigned set = 0; set < kSets; ++set) {
    const int size = size_of(set);
    const double strength = size == 0 ? 0 : std::max(evidence.pilot, kLeastStrength) / size;
    likelihood[set] = std::log(prior(size)) + code_likelihood(evidence, set, strength) +
                      (evidence.has_signatures ? signature_likelihood(evidence, set, strength) : 0);
  }
  const double most = *std::max_element(likelihood.begin(), likelihood.end());
  VariantValues with{};
  double all = 0;
  double mixes = 0;
  for (unsigned set = 0; set < kSets; ++set) {
    const double share = std::exp(likelihood[set] - most);
    all += share;
    if (size_of(set) > 1) mixes += share;
    for (int v = 0; v < kMostVariants; ++v)
      if (set == 0 || (set >> v & 1U) != 0) with[index(v)] += share;
  }
  VariantReading reading{SegmentState::unread, 0, with};
  reading.variant = static_cast<int>(std::max_element(with.begin(), with.end()) - with.begin());
  const double largest = with[index(reading.variant)];
  for (double& weight : reading.weight) weight /= largest;
  const double one = std::exp(likelihood[1U << reading.variant] - most);
  if (mixes > all / 2)
    reading.state = SegmentState::mixed;
  else if (one > kSure * all)
    reading.state = SegmentState::read;
  return reading;
}

}  // namespace steg
