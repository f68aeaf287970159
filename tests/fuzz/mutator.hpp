// Makes inputs of others. The same seed makes the same ones on every machine.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace fuzz {

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed, std::vector<std::string> words = {}) : random_(seed), words_(std::move(words)) {}

  /// `input` with 1 to 8 changes; `other` is where some of them take pieces from.
  std::string change(const std::string& input, const std::string& other, std::size_t largest);

  /// A number below `bound`, which is not 0.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

 private:
  void change_once(std::string& bytes, const std::string& other);
  void set_number(std::string& bytes);
  void set_decimal(std::string& bytes);
  void repeat(std::string& bytes);
  std::string piece_of(const std::string& bytes, std::size_t longest);

  std::mt19937_64 random_;
  std::vector<std::string> words_;
};

}  // namespace fuzz
