// The codewords of IDs that are known to be in a copy, and what of the code bits they do not explain.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <vector>

#include "polar_code.hpp"

namespace steg {

/// A direction in the space of the code bits.
using CodeVector = std::array<double, kCodeBits>;

/// sum(a_k x b_k)
double dot(const CodeVector& a, const CodeVector& b);
double dot(const CodeVector& a, const SoftBits& z);

/// The codeword with +1 for a 0 and -1 for a 1.
CodeVector direction(const Codeword& codeword);

/// The space that some codewords span (Gram and Schmidt).
class CodewordSpace {
 public:
  void add(const Codeword& codeword);
  /// What is left of `z` without its part in this space.
  SoftBits rest(const SoftBits& z) const;
  /// What is left of the codeword's direction. Its squared length is at most kCodeBits.
  CodeVector rest(const Codeword& codeword) const;

 private:
  std::vector<CodeVector> basis_;  ///< orthonormal
};

}  // namespace steg
