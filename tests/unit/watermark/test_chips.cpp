// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "chips.hpp"
#include "plugins/common/crypto/hex.hpp"
#include "random.hpp"

using namespace steg;

namespace {

constexpr GridSize kWhole{384, 216};

/// Within `deviations` standard deviations of a binomial distribution.
bool plausible(double count, double trials, double share, double deviations = 5) {
  return std::fabs(count - trials * share) <= deviations * std::sqrt(trials * share * (1 - share));
}

template <typename T>
int agreements(const std::vector<T>& a, const std::vector<T>& b) {
  int equal = 0;
  for (std::size_t i = 0; i < a.size(); ++i) equal += a[i] == b[i];
  return equal;
}

/// Role, sign and code bit of every cell.
std::string described(const ChipLayout& layout) {
  std::string text;
  for (std::size_t i = 0; i < layout.role.size(); ++i) {
    const std::string sign = layout.sign[i] < 0 ? "-" : "+";
    if (layout.role[i] == Role::pilot) text += "P" + sign;
    if (layout.role[i] == Role::code) text += "C" + sign + std::to_string(layout.bit[i]);
    if (layout.role[i] == Role::signature) text += "S";
    text += " ";
  }
  return text;
}

std::string described(const std::vector<std::int8_t>& chips) {
  std::string text;
  for (const std::int8_t chip : chips) text += chip < 0 ? '-' : '+';
  return text;
}

std::size_t cell(GridSize size, int x, int y) { return static_cast<std::size_t>(y * size.width + x); }

}  // namespace

TEST_CASE("Roles, signs and code bits have their shares", "[chips]") {
  const ChipLayout layout = Chips(Key::public_default()).layout(kWhole, 0);
  const double cells = kWhole.cells();
  REQUIRE(layout.role.size() == static_cast<std::size_t>(kWhole.cells()));
  const auto count = [&layout](Role role) {
    return static_cast<double>(std::count(layout.role.begin(), layout.role.end(), role));
  };
  CHECK(plausible(count(Role::pilot), cells, 0.25));
  CHECK(plausible(count(Role::code), cells, 0.5));
  CHECK(plausible(count(Role::signature), cells, 0.25));

  std::array<double, kCodeBits> per_bit{};
  double negative_code = 0;
  double negative_pilot = 0;
  for (std::size_t i = 0; i < layout.role.size(); ++i) {
    REQUIRE(std::abs(layout.sign[i]) == 1);
    if (layout.role[i] == Role::code) {
      ++per_bit[layout.bit[i]];
      negative_code += layout.sign[i] < 0;
    } else {
      REQUIRE(layout.bit[i] == 0);
      if (layout.role[i] == Role::signature) REQUIRE(layout.sign[i] == 1);
      negative_pilot += layout.role[i] == Role::pilot && layout.sign[i] < 0;
    }
  }
  CHECK(plausible(negative_code, count(Role::code), 0.5));
  CHECK(plausible(negative_pilot, count(Role::pilot), 0.5));
  double chi_square = 0;
  const double expected = count(Role::code) / kCodeBits;
  for (const double n : per_bit) chi_square += (n - expected) * (n - expected) / expected;
  // 255 degrees of freedom: deviation 22.6.
  CHECK(std::fabs(chi_square - 255) < 5 * 22.6);
}

TEST_CASE("A cell depends on its coordinates alone, so that crops agree with the whole", "[chips]") {
  const Chips chips(Key::public_default());
  const ChipLayout whole = chips.layout(kWhole, 3);
  const std::vector<std::int8_t> whole_signature = chips.signature("abc", kWhole, 3);
  const GridSize crop{40, 30};
  const ChipLayout part = chips.layout(crop, 3, 100, 90);
  const std::vector<std::int8_t> part_signature = chips.signature("abc", crop, 3, 100, 90);
  for (int y = 0; y < crop.height; ++y) {
    for (int x = 0; x < crop.width; ++x) {
      const std::size_t here = cell(crop, x, y);
      const std::size_t there = cell(kWhole, 100 + x, 90 + y);
      REQUIRE(part.role[here] == whole.role[there]);
      REQUIRE(part.sign[here] == whole.sign[there]);
      REQUIRE(part.bit[here] == whole.bit[there]);
      REQUIRE(part_signature[here] == whole_signature[there]);
    }
  }
}

TEST_CASE("Coordinates may be negative and far out", "[chips]") {
  const Chips chips(Key::public_default());
  const GridSize size{16, 16};
  const ChipLayout left = chips.layout(size, 0, -8, -8);
  const ChipLayout origin = chips.layout(size, 0);
  for (int y = 8; y < 16; ++y) {
    for (int x = 8; x < 16; ++x) {
      REQUIRE(left.sign[cell(size, x, y)] == origin.sign[cell(size, x - 8, y - 8)]);
      REQUIRE(left.bit[cell(size, x, y)] == origin.bit[cell(size, x - 8, y - 8)]);
    }
  }
  CHECK(agreements(left.bit, origin.bit) < size.cells());
  CHECK_NOTHROW(chips.layout(size, 0, 2147483647, -2147483647 - 1));
}

TEST_CASE("Signatures of a layout are those of its signature cells", "[chips]") {
  const Chips chips(Key::public_default());
  const GridSize size{60, 40};
  const ChipLayout layout = chips.layout(size, 5, -7, 11);
  const std::vector<std::int8_t> all = chips.signature("xyz", size, 5, -7, 11);
  const std::vector<std::int8_t> some = chips.signature("xyz", layout);
  std::size_t next = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (layout.role[i] != Role::signature) continue;
    REQUIRE(some.at(next) == all[i]);
    ++next;
  }
  CHECK(next == some.size());
}

TEST_CASE("A frame carries pilot, code and signature", "[chips]") {
  const Chips chips(Key::public_default());
  const GridSize size{288, 216};
  const std::vector<float> frame = chips.frame("abc1234", size, 2);
  const ChipLayout layout = chips.layout(size, 2);
  const std::vector<std::int8_t> signature = chips.signature("abc1234", size, 2);
  const Codeword bits = chips.codeword("abc1234");
  CHECK(bits == polar_encode(chips.permutation().apply(pack_id("abc1234"))));
  for (std::size_t i = 0; i < frame.size(); ++i) {
    int chip = layout.sign[i];
    if (layout.role[i] == Role::code) chip *= 1 - 2 * bits[layout.bit[i]];
    if (layout.role[i] == Role::signature) chip = signature[i];
    REQUIRE(frame[i] == static_cast<float>(chip));
  }
}

TEST_CASE("Key, epoch and ID each make other chips", "[chips]") {
  test::Rng rng(20);
  const Chips chips(test::random_key(rng));
  const Chips other_key(test::random_key(rng));
  const double cells = kWhole.cells();
  const auto sign = [](const ChipLayout& layout) { return layout.sign; };
  // Three quarters of the signs are coins; signature cells are +1: agreement where both are is certain.
  const auto unrelated = [&](const ChipLayout& a, const ChipLayout& b) {
    return plausible(agreements(a.bit, b.bit), cells, 0.5 * 0.5 + 0.25 / 256) &&
           plausible(agreements(sign(a), sign(b)), cells, 0.5 + 0.5 / 16) &&
           plausible(agreements(a.role, b.role), cells, 0.25 + 2 * 0.0625);
  };
  const ChipLayout layout = chips.layout(kWhole, 0);
  for (int epoch = 1; epoch < kEpochs; ++epoch) CHECK(unrelated(layout, chips.layout(kWhole, epoch)));
  CHECK(unrelated(layout, other_key.layout(kWhole, 0)));

  const auto signature = chips.signature("abc", kWhole, 0);
  CHECK(plausible(agreements(signature, chips.signature("abc", kWhole, 1)), cells, 0.5));
  CHECK(plausible(agreements(signature, chips.signature("abd", kWhole, 0)), cells, 0.5));
  CHECK(plausible(agreements(signature, chips.signature("abc ", kWhole, 0)), cells, 0.5));
  CHECK(plausible(agreements(signature, other_key.signature("abc", kWhole, 0)), cells, 0.5));
}

TEST_CASE("Bad arguments are refused", "[chips]") {
  const Chips chips(Key::public_default());
  const GridSize size{8, 8};
  CHECK_THROWS_AS(chips.layout(size, -1), std::out_of_range);
  CHECK_THROWS_AS(chips.layout(size, kEpochs), std::out_of_range);
  CHECK_THROWS_AS(chips.signature("abc", size, kEpochs), std::out_of_range);
  CHECK_THROWS_AS(chips.signature("", size, 0), IdError);
  CHECK_THROWS_AS(chips.frame("12345678", size, 0), IdError);
  CHECK_THROWS_AS(chips.codeword("\xFF"), IdError);
}

TEST_CASE("The format of marks does not change", "[chips]") {
  // A mark must stay readable for as long as copies exist. These values were computed apart from this code, from the
  // description in docs/watermark.md with Python's hmac and the openssl command.
  CHECK(Key::public_default().fingerprint() == "08ab608c91cb2a9a");
  const Chips chips(Key::public_default());

  CHECK(described(chips.layout({12, 1}, 3, -5, 70)) == "C+248 P+ S C+198 P+ C+142 S C+84 P- P- P- C-37 ");

  CHECK(described(chips.signature("abc", {32, 1}, 3, -5, 70)) == "-+--+++++-+---++++--+-+-+-+-+---");

  CHECK(chips.permutation().apply(pack_id("abc1234")) == 0xb4af1b4f9560cb);
  std::string bits;
  std::uint8_t byte = 0;
  for (std::size_t k = 0; k < kCodeBits; ++k) {
    byte = static_cast<std::uint8_t>(byte << 1 | chips.codeword("abc1234")[k]);
    if (k % 8 == 7) bits += to_hex(byte);
  }
  CHECK(bits == "5dcd08f1d32586197cecd62ff20458c707685254767f234326498c8a575efd9d");
}

TEST_CASE("The format of marks with a time of day does not change", "[chips]") {
  // Computed apart, too.
  const Chips chips(Key::public_default(), ChipFormat::day);
  CHECK(described(chips.layout({12, 1}, 25302, -5, 70)) == "C-83 C-28 S S C-97 S C-156 C+7 P- S S S ");
  CHECK(described(chips.signature("abc", {32, 1}, 25302, -5, 70)) == "--++----+-+--+-++-+--++++-++----");
  CHECK(described(chips.layout({12, 1}, 43199, 122, -3)) == "S P+ C-83 P- C-163 C-144 C-215 C+117 S C+246 C-94 C-21 ");
  CHECK(described(chips.signature("abc", {32, 1}, 43199, 122, -3)) == "----+-+++---+-++----+++++-+---+-");
  CHECK(described(chips.layout({12, 1}, 3, -5, 70)) == "C-248 P+ S C+198 P+ C-142 S C-84 P- P- P- C+37 ");
  CHECK(described(chips.signature("abc", {32, 1}, 3, -5, 70)) == "-+++-++++--+-+++++--++++-++-----");
}

TEST_CASE("Epochs of one phase share roles, pilots and code bits, and nothing else", "[chips]") {
  const Chips chips(Key::public_default(), ChipFormat::day);
  const ChipLayout one = chips.layout(kWhole, 1234);
  const ChipLayout other = chips.layout(kWhole, 1234 + 8 * 1000);
  CHECK(one.role == other.role);
  CHECK(one.bit == other.bit);
  double code = 0;
  double agree = 0;
  for (std::size_t i = 0; i < one.role.size(); ++i) {
    if (one.role[i] == Role::code) {
      ++code;
      agree += one.sign[i] == other.sign[i];
    } else {
      REQUIRE(one.sign[i] == other.sign[i]);
    }
  }
  CHECK(plausible(agree, code, 0.5));
  CHECK(plausible(agreements(chips.signature("abc", one), chips.signature("abc", other)),
                  static_cast<double>(one.signature_cells.size()), 0.5));
  CHECK(described(chips.layout(chips.phase_layout(kWhole, 2), 1234)) == described(one));
  // A whole frame of a later epoch carries the same ID in other chips.
  const std::vector<float> frame = chips.frame("abc1234", one);
  CHECK(frame == chips.frame("abc1234", kWhole, 1234));
}

TEST_CASE("Day signs of a crop are those of the whole", "[chips]") {
  const Chips chips(Key::public_default(), ChipFormat::day);
  const ChipLayout whole = chips.layout(kWhole, 30000);
  const GridSize crop{150, 20};
  const ChipLayout part = chips.layout(crop, 30000, 101, 33);
  for (int y = 0; y < crop.height; ++y)
    for (int x = 0; x < crop.width; ++x)
      REQUIRE(part.sign[cell(crop, x, y)] == whole.sign[cell(kWhole, 101 + x, 33 + y)]);
  CHECK_THROWS_AS(chips.layout(crop, kDayEpochs), std::out_of_range);
  CHECK_THROWS_AS(chips.phase_layout(crop, kEpochs), std::out_of_range);
}
