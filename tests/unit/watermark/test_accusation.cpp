// Several IDs in one copy: averaged, interleaved by frame, by region; and nobody else.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "accusation.hpp"
#include "marked_field.hpp"

using namespace steg;
using steg::test::kSize;

namespace {

constexpr int kFrames = 40;

enum class Mix { averaged, by_frame, by_region };

std::vector<std::string> random_ids(test::Rng& rng, std::size_t count) {
  std::set<std::string> ids;
  while (ids.size() < count) ids.insert(test::random_id(rng));
  std::vector<std::string> out(ids.begin(), ids.end());
  std::shuffle(out.begin(), out.end(), rng);
  return out;
}

/// Frames of 4 epochs whose chips have this amplitude over noise of 1 before they are mixed.
FieldBlocks mixed(const Reader& reader, const std::vector<std::string>& ids, Mix mix, float amplitude, test::Rng& rng) {
  FieldBlocks blocks(reader);
  std::vector<std::vector<float>> chips;
  for (int frame = 0; frame < kFrames; ++frame) {
    const int epoch = frame * 4 / kFrames;
    if (frame % (kFrames / 4) == 0) {
      chips.clear();
      for (const std::string& id : ids) chips.push_back(reader.chips().frame(id, kSize, epoch));
    }
    std::vector<float> field = test::gaussian(rng, static_cast<std::size_t>(kSize.cells()));
    for (std::size_t i = 0; i < field.size(); ++i) {
      const std::size_t region = i % 384 / 96 + i / 384 / 54 * 4;
      for (std::size_t k = 0; k < ids.size(); ++k) {
        const std::size_t turn = mix == Mix::by_frame ? static_cast<std::size_t>(frame) : region;
        if (mix == Mix::averaged)
          field[i] += amplitude * chips[k][i] / static_cast<float>(ids.size());
        else if (turn % ids.size() == k)
          field[i] += amplitude * chips[k][i];
      }
    }
    blocks.add(field.data(), epoch, frame * 0.1);
  }
  return blocks;
}

std::set<std::string> names(const std::vector<Accused>& accused) {
  std::set<std::string> out;
  for (const Accused& one : accused) out.insert(one.reading.id);
  return out;
}

}  // namespace

TEST_CASE("All colluders among many issued IDs are named, and nobody else", "[accusation]") {
  test::Rng rng(60);
  const Reader reader(test::random_key(rng), kSize);
  const std::vector<std::string> all = random_ids(rng, 5000);
  const IssuedIds issued(reader.chips(), all);
  REQUIRE(issued.size() == all.size());
  const auto [mix, colluders, amplitude] = GENERATE(table<Mix, std::size_t, float>({{Mix::averaged, 1, 0.02F},
                                                                                    {Mix::averaged, 2, 0.08F},
                                                                                    {Mix::averaged, 12, 0.3F},
                                                                                    {Mix::by_frame, 10, 0.15F},
                                                                                    {Mix::by_region, 8, 0.12F}}));
  CAPTURE(static_cast<int>(mix), colluders);
  const std::vector<std::string> guilty(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(colluders));
  const FieldBlocks blocks = mixed(reader, guilty, mix, amplitude, rng);
  CHECK(blocks.size() == kFrames);
  const std::vector<Accused> accused = accuse(reader, blocks, {propose_issued(issued)});
  CHECK(names(accused) == std::set<std::string>(guilty.begin(), guilty.end()));
  for (const Accused& one : accused) {
    CHECK(one.reading.log10_p <= -9);
    CHECK(one.blocks.size() == kFrames);
    CHECK(one.tiles.size() == FieldBlocks::kTiles);
  }
}

TEST_CASE("Colluders are named blindly where each has a part to itself", "[accusation]") {
  test::Rng rng(61);
  const Reader reader(test::random_key(rng), kSize);
  const std::vector<std::string> guilty = random_ids(rng, 4);
  const Mix mix = GENERATE(Mix::by_frame, Mix::by_region);
  const FieldBlocks blocks = mixed(reader, guilty, mix, 0.2F, rng);
  CHECK(names(accuse(reader, blocks, {propose_blindly(reader.chips())})) ==
        std::set<std::string>(guilty.begin(), guilty.end()));
}

TEST_CASE("Where an ID is, in time and in the picture, shows in its blocks and tiles", "[accusation]") {
  test::Rng rng(62);
  const Reader reader(test::random_key(rng), kSize);
  const std::vector<std::string> guilty = random_ids(rng, 2);
  const IssuedIds issued(reader.chips(), guilty);
  const std::vector<Accused> accused =
      accuse(reader, mixed(reader, guilty, Mix::by_frame, 0.2F, rng), {propose_issued(issued)});
  REQUIRE(accused.size() == 2);
  const bool first = accused[0].reading.id == guilty[0];
  for (std::size_t b = 0; b < kFrames; ++b) {
    const bool own = (b % 2 == 0) == first;
    CHECK((accused[0].blocks[b] > 4) == own);
    CHECK((accused[1].blocks[b] > 4) == !own);
  }
}

TEST_CASE("Nothing is named where there is no mark", "[accusation]") {
  test::Rng rng(63);
  const Reader reader(test::random_key(rng), kSize);
  const IssuedIds issued(reader.chips(), random_ids(rng, 5000));
  const std::vector<Proposer> proposers{propose_issued(issued), propose_blindly(reader.chips())};
  CHECK(accuse(reader, FieldBlocks(reader), proposers).empty());
  CHECK(accuse(reader, mixed(reader, {"else"}, Mix::averaged, 0, rng), proposers).empty());
}

TEST_CASE("A long copy is kept in at most kMostBlocks blocks", "[accusation]") {
  test::Rng rng(64);
  const GridSize small{48, 40};
  const Reader reader(test::random_key(rng), small);
  const std::vector<std::string> ids{"alice", "bob"};
  FieldBlocks blocks(reader);
  FieldSum sum(small);
  for (int frame = 0; frame < 1500; ++frame) {
    const int epoch = frame / 20 % kEpochs;
    std::vector<float> field = test::gaussian(rng, static_cast<std::size_t>(small.cells()));
    const std::vector<float> chips = reader.chips().frame(frame < 750 ? "alice" : "bob", small, epoch);
    for (std::size_t i = 0; i < field.size(); ++i) field[i] += 0.2F * chips[i];
    blocks.add(field.data(), epoch, frame);
    sum.add(field.data(), epoch);
  }
  CHECK(blocks.size() == 375);
  CHECK(blocks.time(0) == 0);
  CHECK(blocks.time(374) == 1496);
  const FieldBlocks::Weights even{std::vector<double>(blocks.size(), 1.0), [] {
                                    std::array<double, FieldBlocks::kTiles> ones{};
                                    ones.fill(1);
                                    return ones;
                                  }()};
  CHECK(blocks.signature("alice", even) == Approx(reader.signature(sum, "alice")).epsilon(1e-4));
  const IssuedIds issued(reader.chips(), ids);
  const std::vector<Accused> accused = accuse(reader, blocks, {propose_issued(issued)});
  REQUIRE(accused.size() == 2);
  // Each of them is proved by its own half, which even weights would bury in the noise of the other.
  for (const Accused& one : accused) CHECK(one.reading.signature > blocks.signature(one.reading.id, even) * 1.2);
}
