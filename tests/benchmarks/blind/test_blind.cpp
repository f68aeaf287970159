// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <random>

#include "crops.hpp"
#include "pair_files.hpp"
#include "pairs.hpp"
#include "score.hpp"

using namespace blind;
using robustness::Planes;

namespace {

/// Left half plain, right half noise.
Planes half_noise(int width, int height) {
  Planes planes;
  planes.width = width;
  planes.height = height;
  planes.bytes.assign(planes.luma_size() + 2 * planes.chroma_size(), 128);
  std::mt19937 random(1);
  for (int y = 0; y < height; ++y)
    for (int x = width / 2; x < width; ++x)
      planes.bytes[static_cast<std::size_t>(y * width + x)] = static_cast<std::uint8_t>(random() % 256);
  return planes;
}

/// Adds a level to a plane (0 luma, 1 Cb, 2 Cr) at this place of it.
void change(Planes& planes, int plane, int x, int y) {
  const int width = plane == 0 ? planes.width : planes.chroma_width();
  std::size_t at = static_cast<std::size_t>(y * width + x);
  if (plane > 0) at += planes.luma_size() + static_cast<std::size_t>(plane - 1) * planes.chroma_size();
  planes.bytes[at] = static_cast<std::uint8_t>(planes.bytes[at] ^ 4);
}

class TextFile {
 public:
  explicit TextFile(const std::string& text) { std::ofstream(path_) << text; }
  ~TextFile() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "test-blind.csv";
};

Pair pair_of(const std::string& name, const char* view, const char* what, char side) {
  return {name, view, what, side, "smooth", 7, 16, 32, "a, b.mp4"};
}

}  // namespace

TEST_CASE("A smooth and a textured crop are taken where the mark is strongest, in colour, too") {
  const Planes original = half_noise(160, 80);
  Planes marked = original;
  change(marked, 2, 22, 22);
  change(marked, 0, 150, 5);
  const std::vector<Crop> crops = crops_of(original, marked, {32, 32});
  const Crop plain = smooth(crops);
  CHECK(plain.activity == 0);
  CHECK((plain.x <= 44 && plain.x + 32 > 44 && plain.y <= 44 && plain.y + 32 > 44));
  const Crop rough = textured(crops);
  CHECK(rough.activity > 50);
  for (const Crop& crop : crops) CHECK((crop.x % 2 == 0 && crop.y % 2 == 0));
}

TEST_CASE("Crops are no larger than the picture, and even") {
  CHECK(fitted({480, 360}, 479, 271).width == 478);
  CHECK(fitted({480, 360}, 479, 271).height == 270);
  CHECK(fitted({480, 360}, 1280, 720).width == 480);
}

TEST_CASE("Places are listed by clip, frame and corner") {
  const ListedPlace place = parse_place("a:b.mp4:40:320,96");
  CHECK(place.clip == "a:b.mp4");
  CHECK(place.frame == 40);
  CHECK(place.x == 320);
  CHECK(place.y == 96);
  for (const char* text :
       {"", "a.mp4", "a.mp4:4", ":4:5,6", "a.mp4:x:5,6", "a.mp4:4:5", "a.mp4:4:5,6,7", "a.mp4:-4:5,6"})
    CHECK_THROWS_WITH(parse_place(text), Catch::Contains("CLIP:FRAME:X,Y"));
}

TEST_CASE("A key comes back from its file") {
  const TextFile file("");
  write_key({pair_of("pair-001", kTwice, kX264, 'B')}, file.path());
  const std::vector<Pair> key = read_key(file.path());
  REQUIRE(key.size() == 1);
  CHECK(key[0].name == "pair-001");
  CHECK(key[0].view == kTwice);
  CHECK(key[0].what == kX264);
  CHECK(key[0].side == 'B');
  CHECK(key[0].frame == 7);
  CHECK(key[0].x == 16);
  CHECK(key[0].y == 32);
  CHECK(key[0].clip == "a, b.mp4");
}

TEST_CASE("Answers may wait, and wrong ones are named by their line") {
  const std::string header = "pair,side,confidence\n";
  const std::vector<Answer> answers =
      read_answers(TextFile(header + "pair-001,b,3\r\npair-002,,\n\npair-003,A,0\n").path());
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].side == 'B');
  CHECK(answers[0].confidence == 3);
  CHECK(answers[1].pair == "pair-003");
  for (const char* line : {"pair-001,C,1", "pair-001,A,4", "pair-001,A,-1", "pair-001,A,", "pair-001,,2", "pair-001"})
    CHECK_THROWS_WITH(read_answers(TextFile(header + "\n" + line + "\n").path()), Catch::Contains("line 3"));
  CHECK_THROWS_WITH(read_answers(TextFile(header + "pair-001,A,1\npair-001,B,1\n").path()), Catch::Contains("twice"));
  CHECK_THROWS_WITH(read_answers(TextFile("pair-001,A,1\n").path()), Catch::Contains("must begin"));
  CHECK_THROWS_AS(read_answers("no-such-file.csv"), std::runtime_error);
}

TEST_CASE("Marked pairs and x264 pairs are scored apart") {
  const std::vector<Pair> key = {pair_of("p1", kFullSize, kMark, 'A'), pair_of("p2", kFullSize, kMark, 'B'),
                                 pair_of("p3", kTwice, kMark, 'B'), pair_of("p4", kTwice, kX264, 'A')};
  const std::vector<Answer> answers = {{"p1", 'A', 3}, {"p2", 'A', 0}, {"p3", 'B', 2}, {"p4", 'A', 1}};
  const Score full = score(key, answers, kMark, kFullSize);
  CHECK(full.answers == 2);
  CHECK(full.told == 1);
  CHECK(full.mean_confidence() == 1.5);
  CHECK(score(key, answers, kX264, kTwice).told == 1);
  CHECK(score(key, answers, kMark, kFullSize, "textured").answers == 0);
  const std::string report = score_report(key, answers);
  CHECK_THAT(report, Catch::Contains("| mark, 100% | 1 of 2 | 50% | 1.50 | 0.75 |"));
  CHECK_THAT(report, Catch::Contains("told at 100%: at most 60% | 50% | met"));
  CHECK_THAT(report, Catch::Contains("confidence at 100%: at most 0.3 | 1.50 | **missed**"));
  CHECK_THAT(report, Catch::Contains("CRF 16 + 0.3, 1.30 | 2.00 | **missed**"));
  CHECK_THROWS_WITH(score(key, {{"p9", 'A', 0}}, kMark, kFullSize), Catch::Contains("p9"));
}

TEST_CASE("The p-value is that of coins") {
  CHECK(guessing_p_value(0, 10) == Approx(1));
  CHECK(guessing_p_value(10, 10) == Approx(1.0 / 1024));
  CHECK(guessing_p_value(9, 10) == Approx(11.0 / 1024));
  CHECK(guessing_p_value(0, 0) == Approx(1));
}

// Meson sets a GST_PLUGIN_SYSTEM_PATH without plugins.
TEST_CASE("Without the elements it says what to do") {
  CHECK_THROWS_WITH(make_pairs(PairOptions()),
                    Catch::Contains("finds no element framediff") && Catch::Contains("meson devenv"));
}
