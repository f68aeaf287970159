// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <stdexcept>

#include "marked_field.hpp"
#include "reading.hpp"
#include "segment_mark.hpp"

using namespace steg;
using steg::test::kSize;
using steg::test::marked_field;

namespace {

ReadOptions with_segments() {
  ReadOptions options;
  options.segments = true;
  return options;
}

}  // namespace

TEST_CASE("A segment's payload has its position and its variant", "[segment]") {
  CHECK(pack_payload(payload_of({0, 0})) == 0x01000000000000);
  CHECK(pack_payload(payload_of({0x12345678, 3})) == 0x01123456780300);
  CHECK(pack_payload(payload_of({0xFFFFFFFF, 1})) == 0x01FFFFFFFF0100);
  CHECK_THROWS_AS(payload_of({1, 4}), std::invalid_argument);
  CHECK_THROWS_AS(payload_of({1, -1}), std::invalid_argument);
}

TEST_CASE("Segments come back, and are no IDs", "[segment]") {
  test::Rng rng(1);
  for (int i = 0; i < 20000; ++i) {
    const SegmentMark segment{static_cast<std::uint32_t>(i < 1000 ? i : rng()), i % kMostVariants};
    const std::string payload = payload_of(segment);
    REQUIRE(segment_of(payload) == segment);
    REQUIRE_FALSE(is_id(payload));
    REQUIRE_THROWS_AS(check_new_id(payload), IdError);
    REQUIRE_THROWS_AS(pack_id(payload), IdError);
    const std::uint64_t packed = pack_payload(payload);
    REQUIRE_FALSE(unpack_id(packed));
    REQUIRE(unpack_payload(packed) == payload);
  }
}

TEST_CASE("IDs are no segments, and come back as before", "[segment]") {
  test::Rng rng(2);
  for (int i = 0; i < 2000; ++i) {
    const std::string id = test::random_id(rng);
    REQUIRE_FALSE(segment_of(id));
    REQUIRE(pack_payload(id) == pack_id(id));
    REQUIRE(unpack_payload(pack_id(id)) == id);
  }
  CHECK_THROWS_AS(pack_payload(""), IdError);
  CHECK_THROWS_AS(pack_payload("a\nb"), IdError);
}

TEST_CASE("What is neither gives nothing", "[segment]") {
  for (const std::uint64_t packed :
       {std::uint64_t{0}, std::uint64_t{0x01000000000400}, std::uint64_t{0x01000000000001},
        std::uint64_t{0x02000000000000}, std::uint64_t{0x00000000000001}, std::uint64_t{0x0101000000000000}}) {
    CAPTURE(packed);
    CHECK_FALSE(unpack_payload(packed));
  }
  CHECK_FALSE(segment_of(std::string("\x01\0\0\0\0\0", 6)));
  // So few that blind reading hardly ever proposes one by chance.
  test::Rng rng(3);
  int segments = 0;
  for (int i = 0; i < 1000000; ++i) {
    const auto payload = unpack_payload(rng() >> 8);
    segments += payload && segment_of(*payload) ? 1 : 0;
  }
  CHECK(segments <= 3);
}

TEST_CASE("Segments have a name for people that is no ID", "[segment]") {
  CHECK(name_of_payload(payload_of({1234, 1})) == "segment 1234 b");
  CHECK(name_of_payload(payload_of({0, 0})) == "segment 0 a");
  CHECK_FALSE(is_id(name_of_payload(payload_of({0, 0}))));
  CHECK(name_of_payload("alice") == "alice");
}

TEST_CASE("A marked segment is read blindly where segments are asked for", "[segment]") {
  test::Rng rng(4);
  const Reader reader(test::random_key(rng), kSize, ChipFormat::day);
  for (int variant = 0; variant < kMostVariants; ++variant) {
    const SegmentMark segment{static_cast<std::uint32_t>(rng()), variant};
    FieldSum sum(kSize, ChipFormat::day);
    const int epoch = static_cast<int>(segment.position % kDayEpochs);
    sum.add(marked_field(reader.chips(), payload_of(segment), epoch, 0.1F, rng).data(), epoch);
    const auto reading = reader.read(sum, with_segments());
    REQUIRE(reading);
    CHECK(segment_of(reading->id) == segment);
    CHECK(reading->p_value() < 1e-12);
    // Who does not ask for segments sees none, and nobody named by mistake.
    CHECK_FALSE(reader.read(sum));
    for (const Reading& candidate : reader.candidates(sum)) CHECK(is_id(candidate.id));
    // Of the four variants the right one proves itself, the others are noise.
    for (int other = 0; other < kMostVariants; ++other) {
      const double signature = reader.signature(sum, payload_of({segment.position, other}));
      CHECK((signature > 6) == (other == variant));
      CHECK(std::abs(signature) < (other == variant ? 100 : 5));
    }
  }
}

TEST_CASE("An ID is read as an ID where segments are asked for, with the same p-value", "[segment]") {
  test::Rng rng(5);
  const Reader reader(test::random_key(rng), kSize);
  FieldSum sum(kSize);
  sum.add(marked_field(reader.chips(), "alice", 3, 0.1F, rng).data(), 3);
  const auto reading = reader.read(sum, with_segments());
  REQUIRE(reading);
  CHECK(reading->id == "alice");
  CHECK(reading->log10_p == reader.read(sum)->log10_p);
}

TEST_CASE("Every signature that is tried counts, those of segments, too", "[segment][false-positives]") {
  test::Rng rng(6);
  int readings = 0;
  for (int i = 0; i < 1000; ++i) {
    const Reader reader(test::random_key(rng), {96, 64});
    FieldSum sum({96, 64});
    sum.add(test::gaussian(rng, 96 * 64).data(), 0);
    const auto candidates = reader.candidates(sum, with_segments());
    for (const Reading& candidate : candidates) {
      const double tries = static_cast<double>(candidates.size());
      REQUIRE(candidate.log10_p == log10_p_value(candidate.signature, tries));
      readings += candidate.log10_p <= -2 ? 1 : 0;
    }
  }
  // 10 are promised at most.
  CHECK(readings <= 20);
}
