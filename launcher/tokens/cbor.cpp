// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cbor.hpp"

namespace tokens::cbor {

namespace {

constexpr unsigned kOneByte = 24;  ///< the value is in the byte behind; 25, 26, 27: in two, four, eight
constexpr unsigned kEightBytes = 27;

int bytes_behind(unsigned information) { return information < kOneByte ? 0 : 1 << (information - kOneByte); }

unsigned shortest(std::uint64_t value) {
  if (value < kOneByte) return static_cast<unsigned>(value);
  unsigned information = kOneByte;
  while (information < kEightBytes && value >> (8 * bytes_behind(information)) != 0) ++information;
  return information;
}

}  // namespace

std::string head(Kind kind, std::uint64_t value) {
  const unsigned information = shortest(value);
  std::string out(1, static_cast<char>(static_cast<unsigned>(kind) << 5 | information));
  for (int i = bytes_behind(information) - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  return out;
}

std::string number(std::uint64_t value) { return head(Kind::number, value); }
std::string bytes(std::string_view value) { return head(Kind::bytes, value.size()).append(value); }
std::string text(std::string_view value) { return head(Kind::text, value.size()).append(value); }

Kind Reader::kind() const {
  if (data_.empty()) throw Error("an item is missing");
  return static_cast<Kind>(static_cast<std::uint8_t>(data_[0]) >> 5);
}

std::uint64_t Reader::value_of(Kind wanted) {
  if (kind() != wanted) throw Error("an item is of another kind");
  const unsigned information = static_cast<std::uint8_t>(data_[0]) & 31U;
  if (information > kEightBytes) throw Error("an item is of indefinite length");
  const auto behind = static_cast<std::size_t>(bytes_behind(information));
  if (data_.size() <= behind) throw Error("an item is cut");
  std::uint64_t value = behind == 0 ? information : 0;
  for (std::size_t i = 1; i <= behind; ++i) value = value << 8 | static_cast<std::uint8_t>(data_[i]);
  if (wanted != Kind::simple && shortest(value) != information) throw Error("an item is not in its shortest form");
  data_.remove_prefix(1 + behind);
  return value;
}

std::string_view Reader::string_of(Kind wanted) {
  const std::uint64_t size = value_of(wanted);
  if (size > data_.size()) throw Error("an item is cut");
  const std::string_view value = data_.substr(0, size);
  data_.remove_prefix(size);
  return value;
}

std::string_view Reader::item(int depth) {
  if (depth == 0) throw Error("items are too deep in each other");
  const std::string_view whole = data_;
  const Kind of = kind();
  if (of == Kind::bytes || of == Kind::text) {
    string_of(of);
  } else {
    const std::uint64_t value = value_of(of);
    std::uint64_t inside = of == Kind::array ? value : of == Kind::map ? 2 * value : of == Kind::tag ? 1 : 0;
    if (value > whole.size() && (of == Kind::array || of == Kind::map)) throw Error("an item is cut");
    for (; inside > 0; --inside) item(depth - 1);
  }
  return whole.substr(0, whole.size() - data_.size());
}

}  // namespace tokens::cbor
