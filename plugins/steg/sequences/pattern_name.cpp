// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pattern_name.hpp"

#include <charconv>
#include <vector>

#include "plugins/common/crypto/digest.hpp"

namespace steg {

namespace {

constexpr std::size_t kDigits = 16;

std::string text_of(const PatternName& pattern) {
  return "pattern " + std::to_string(pattern.variants) + " " + name(pattern.bias) + " " +
         std::to_string(pattern.first) + " " + pattern.fingerprint;
}

template <class Number>
bool read_number(const std::string& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ' ')
      words.emplace_back();
    else
      words.back().push_back(c);
  }
  return words;
}

}  // namespace

const char* name(Bias bias) { return bias == Bias::arcsine ? "arcsine" : "uniform"; }

std::optional<Bias> bias_of(std::string_view word) {
  for (const Bias bias : {Bias::arcsine, Bias::uniform})
    if (word == name(bias)) return bias;
  return std::nullopt;
}

std::string pattern_name(const Sequences& sequences, Bias bias, std::string_view viewer, std::uint32_t first) {
  const std::vector<std::uint8_t> variants = sequences.pattern(viewer, first, kFingerprintPositions);
  const std::string digest = to_hex(sha256(std::string(variants.begin(), variants.end())));
  return text_of({sequences.variants(), bias, first, digest.substr(0, kDigits)});
}

std::optional<PatternName> parse_pattern_name(const std::string& text) {
  const std::vector<std::string> words = words_of(text);
  PatternName pattern;
  if (words.size() != 5 || words[0] != "pattern" || !read_number(words[1], pattern.variants) || pattern.variants < 2 ||
      pattern.variants > kMostVariants || !read_number(words[3], pattern.first))
    return std::nullopt;
  const std::optional<Bias> bias = bias_of(words[2]);
  if (!bias || words[4].size() != kDigits || words[4].find_first_not_of("0123456789abcdef") != std::string::npos)
    return std::nullopt;
  pattern.bias = *bias;
  pattern.fingerprint = words[4];
  // One pattern has one name: no signs, no zeros in front.
  return text_of(pattern) == text ? std::optional<PatternName>(pattern) : std::nullopt;
}

}  // namespace steg
