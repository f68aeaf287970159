// What tokens use of CBOR (RFC 8949), deterministically encoded (clause 4.2.1): one value has one spelling.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tokens::cbor {

/// Major types.
enum class Kind : std::uint8_t { number, negative, bytes, text, array, map, tag, simple };

/// An item's head: a number itself, a count of bytes or of items, or a tag.
std::string head(Kind kind, std::uint64_t value);
std::string number(std::uint64_t value);
std::string bytes(std::string_view value);
std::string text(std::string_view value);

class Error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads items one after the other. All methods throw Error for what is cut, of another kind, of indefinite length or
/// not in the shortest form. `data` must outlive it.
class Reader {
 public:
  explicit Reader(std::string_view data) : data_(data) {}

  bool at_end() const { return data_.empty(); }
  Kind kind() const;
  std::uint64_t number() { return value_of(Kind::number); }
  std::uint64_t tag() { return value_of(Kind::tag); }
  std::string_view bytes() { return string_of(Kind::bytes); }
  std::string_view text() { return string_of(Kind::text); }
  /// How many items follow.
  std::uint64_t array() { return value_of(Kind::array); }
  /// How many pairs follow.
  std::uint64_t map() { return value_of(Kind::map); }
  /// Passes over an item with all that is in it, and returns its bytes. An item may be so many deep.
  std::string_view item(int depth = 8);

 private:
  std::uint64_t value_of(Kind kind);
  std::string_view string_of(Kind kind);

  std::string_view data_;
};

}  // namespace tokens::cbor
