// SPDX-License-Identifier: LGPL-2.1-or-later
#include "codeword_space.hpp"

#include <cmath>
#include <cstddef>

namespace steg {
namespace {

// A codeword of which less than this is left is one of the space, but for rounding.
constexpr double kLeastLength = 1e-3;

}  // namespace

double dot(const CodeVector& a, const CodeVector& b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

double dot(const CodeVector& a, const SoftBits& z) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * static_cast<double>(z[k]);
  return sum;
}

CodeVector direction(const Codeword& codeword) {
  CodeVector out{};
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = codeword[k] == 0 ? 1 : -1;
  return out;
}

void CodewordSpace::add(const Codeword& codeword) {
  CodeVector added = rest(codeword);
  const double length = std::sqrt(dot(added, added));
  if (length < kLeastLength) return;
  for (double& value : added) value /= length;
  basis_.push_back(added);
}

SoftBits CodewordSpace::rest(const SoftBits& z) const {
  SoftBits out = z;
  for (const CodeVector& axis : basis_) {
    const double part = dot(axis, out);
    for (std::size_t k = 0; k < out.size(); ++k) out[k] -= static_cast<float>(part * axis[k]);
  }
  return out;
}

CodeVector CodewordSpace::rest(const Codeword& codeword) const {
  CodeVector out = direction(codeword);
  for (const CodeVector& axis : basis_) {
    const double part = dot(axis, out);
    for (std::size_t k = 0; k < out.size(); ++k) out[k] -= part * axis[k];
  }
  return out;
}

}  // namespace steg
