// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <vector>

#include "attack.hpp"
#include "butteraugli.hpp"
#include "eraser.hpp"
#include "fidelity.hpp"
#include "frame_pictures.hpp"
#include "process.hpp"
#include "report.hpp"
#include "results.hpp"
#include "ssim.hpp"
#include "video_pass.hpp"
#include "visibility.hpp"
#include "y4m_file.hpp"

using namespace robustness;

namespace {

struct Picture {
  int width;
  int height;
  std::vector<std::uint8_t> pixels;
  Picture(int w, int h, int level) : width(w), height(h), pixels(static_cast<std::size_t>(w * h)) {
    for (auto& pixel : pixels) pixel = static_cast<std::uint8_t>(level);
  }
  std::uint8_t& at(int x, int y) { return pixels[static_cast<std::size_t>(y * width + x)]; }
  Luma luma() const { return {pixels.data(), width, width, height}; }
};

Picture noise(int width, int height, unsigned seed) {
  Picture picture(width, height, 0);
  std::mt19937 random(seed);
  for (auto& pixel : picture.pixels) pixel = static_cast<std::uint8_t>(random() % 256);
  return picture;
}

/// SSIM by its definition, window by window.
double direct_ssim(const Picture& a, const Picture& b) {
  constexpr int kTaps = 11;
  std::array<double, kTaps> weights{};
  double total = 0;
  for (int i = 0; i < kTaps; ++i) total += weights[static_cast<std::size_t>(i)] = std::exp(-(i - 5) * (i - 5) / 4.5);
  double sum = 0;
  int places = 0;
  for (int top = 0; top + kTaps <= a.height; ++top) {
    for (int left = 0; left + kTaps <= a.width; ++left, ++places) {
      double ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;
      for (int y = 0; y < kTaps; ++y) {
        for (int x = 0; x < kTaps; ++x) {
          const double w = weights[static_cast<std::size_t>(x)] * weights[static_cast<std::size_t>(y)] / total / total;
          const double p = Picture(a).at(left + x, top + y);
          const double q = Picture(b).at(left + x, top + y);
          ma += w * p;
          mb += w * q;
          aa += w * p * p;
          bb += w * q * q;
          ab += w * p * q;
        }
      }
      const double c1 = 2.55 * 2.55;
      const double c2 = 7.65 * 7.65;
      sum += (2 * ma * mb + c1) * (2 * (ab - ma * mb) + c2) / (ma * ma + mb * mb + c1) /
             (aa - ma * ma + bb - mb * mb + c2);
    }
  }
  return sum / places;
}

/// An encoder that adds the chips themselves, and an extractor that sees them as what is over the middle of the scale.
struct PlainPattern : steg::Pattern {
  std::vector<float> chips;
};
struct PlainEncoder : steg::Encoder {
  steg::Contract contract() const override { return {1, steg::kLumaOnly}; }
  std::unique_ptr<steg::Pattern> prepare(const std::vector<float>& chips, steg::GridSize, float) override {
    auto pattern = std::make_unique<PlainPattern>();
    pattern->chips = chips;
    return pattern;
  }
  void look(const float*, steg::GridSize, std::unique_ptr<steg::Context>& context) override {
    context = std::make_unique<steg::Context>();
  }
  const float* residual(const steg::Context&, const steg::Pattern& pattern, steg::GridSize) override {
    return dynamic_cast<const PlainPattern&>(pattern).chips.data();
  }
  std::string fingerprint() const override { return ""; }
};
struct PlainExtractor : steg::Extractor {
  steg::Contract contract() const override { return {1, steg::kLumaOnly}; }
  void field(const float* cells, steg::GridSize size, float* field) override {
    for (int i = 0; i < size.cells(); ++i) field[i] = 255 * cells[i] - 100;
  }
  void field_on_one_thread(const float* cells, steg::GridSize size, float* out) override { field(cells, size, out); }
  std::string fingerprint() const override { return ""; }
};

/// Frames of one level.
std::string plain_video(int frames, int level) {
  return "videotestsrc num-buffers=" + std::to_string(frames) + " pattern=solid-color foreground-color=" +
         std::to_string(0xff000000u + 0x10101u * static_cast<unsigned>(level)) +
         " ! video/x-raw,format=GRAY8,width=384,height=216 ! identity name=frames ! fakesink";
}

Clip clip_of(int lines, int rate) {
  Clip clip;
  clip.width = lines * 16 / 9;
  clip.height = lines;
  clip.rate_numerator = rate;
  return clip;
}

}  // namespace

TEST_CASE("SSIM is that of its definition") {
  const Picture a = noise(17, 14, 1);
  Picture b = a;
  for (std::size_t i = 0; i < b.pixels.size(); i += 3) b.pixels[i] = static_cast<std::uint8_t>(b.pixels[i] / 2 + 60);
  CHECK(similarity(a.luma(), b.luma()).ssim == Approx(direct_ssim(a, b)).epsilon(1e-4));
  CHECK(similarity(a.luma(), a.luma()).ssim == Approx(1));
}

TEST_CASE("SSIM of plain pictures is their luminance term, and MS-SSIM that at its last scale") {
  const Picture a(256, 256, 100);
  const Picture b(256, 256, 140);
  const double luminance = (2 * 100 * 140 + 6.5025) / (100 * 100 + 140 * 140 + 6.5025);
  const Similarity alike = similarity(a.luma(), b.luma());
  CHECK(alike.ssim == Approx(luminance).epsilon(1e-4));
  CHECK(alike.ms_ssim == Approx(std::pow(luminance, 0.1333)).epsilon(1e-4));
}

TEST_CASE("SSIM refuses pictures of two sizes") {
  CHECK_THROWS_AS(similarity(Picture(20, 20, 0).luma(), Picture(20, 21, 0).luma()), std::invalid_argument);
}

TEST_CASE("Fidelity of a residual of one level everywhere") {
  const Picture original(128, 128, 100);
  const Picture marked(128, 128, 101);
  FidelityMeter meter(1);
  for (int i = 0; i < 3; ++i) meter.add(original.luma(), marked.luma(), false);
  const Fidelity fidelity = meter.result();
  CHECK(fidelity.psnr == Approx(20 * std::log10(255)));
  CHECK(fidelity.worst_psnr == Approx(fidelity.psnr));
  CHECK(fidelity.window.rms == Approx(1));
  CHECK(fidelity.window.activity == Approx(0));
  CHECK(fidelity.window.ratio == Approx(1));
  CHECK(fidelity.flicker == Approx(0));
  CHECK(fidelity.still_share == Approx(1));
}

TEST_CASE("The worst window is where the same residual has less to hide in") {
  Picture original = noise(256, 128, 2);
  for (int y = 64; y < 128; ++y)
    for (int x = 64; x < 128; ++x) original.at(x, y) = 120;
  Picture marked = original;
  for (auto& pixel : marked.pixels) pixel = static_cast<std::uint8_t>(pixel < 255 ? pixel + 1 : pixel - 1);
  FidelityMeter meter(1);
  meter.add(original.luma(), marked.luma(), false);
  const WorstWindow window = meter.result().window;
  CHECK(window.x == 64);
  CHECK(window.y == 64);
  CHECK(window.ratio == Approx(1));
}

TEST_CASE("Flicker is the residual's change where the picture stands still, apart for changes of epoch") {
  Picture original(64, 64, 100);
  Picture marked(64, 64, 101);
  FidelityMeter meter(1);
  meter.add(original.luma(), marked.luma(), false);
  for (auto& pixel : marked.pixels) pixel = 103;
  meter.add(original.luma(), marked.luma(), false);
  for (auto& pixel : marked.pixels) pixel = 99;
  meter.add(original.luma(), marked.luma(), true);
  // The left half moves: its residual is not looked at.
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 32; ++x) original.at(x, y) = 50;
  meter.add(original.luma(), marked.luma(), false);
  const Fidelity fidelity = meter.result();
  CHECK(fidelity.flicker == Approx(std::sqrt(4.0 * 2 / 3)));
  CHECK(fidelity.flicker_at_epochs == Approx(4));
  CHECK(fidelity.still_share == Approx(2.5 / 3));
}

TEST_CASE("Attacks are parts joined by plus signs") {
  const Attack attack = parse_attack("720p+crf28");
  REQUIRE(attack.stages.size() == 2);
  CHECK(attack.stages[0].filter == "scale=-2:720:flags=bicubic");
  const std::vector<std::string> options = attack.stages[1].encoder({25, {}});
  CHECK(std::find(options.begin(), options.end(), "28") != options.end());
  CHECK(parse_attack(kNoAttack).stages.empty());
  CHECK(parse_attack("subtract").seen() == 60);
  CHECK(parse_attack("subtract600").seen() == 600);
  CHECK(attack.seen() == 0);
  CHECK_THROWS_WITH(parse_attack("subtract+crf28"), Catch::Contains("by itself"));
  CHECK_FALSE(attack.is_traced());
}

TEST_CASE("A key frame is asked of an encoder just before its time") {
  const std::vector<std::string> options = parse_attack("crf28").stages[0].encoder({25, {50, 100}});
  const auto key_frames = std::find(options.begin(), options.end(), "-force_key_frames");
  REQUIRE(key_frames != options.end());
  CHECK(*std::next(key_frames) == "1.99,3.99");
}

TEST_CASE("An attack that there is not is refused with the names of those there are") {
  for (const char* name : {"", "crf", "crfx", "crf2x8", "crf28+", "28", "p", "greyish"})
    CHECK_THROWS_WITH(parse_attack(name), Catch::Contains("crfN"));
}

TEST_CASE("All attacks of the lists can be parsed") {
  for (const auto& names : {all_attacks(), quick_attacks(), still_attacks()})
    for (const std::string& name : names) CHECK_FALSE(parse_attack(name).is_traced());
  for (const std::string& name : geometry_attacks()) CHECK(parse_attack(name).is_traced());
}

TEST_CASE("A still is taken from clips that are long enough") {
  Clip clip = clip_of(720, 30);
  clip.frames = 60;
  CHECK(parse_attack("crf28+at1.3+png").applies_to(clip));
  CHECK_FALSE(parse_attack("crf28+at2.9+png").applies_to(clip));
}

TEST_CASE("A portrait is cut from landscapes only") {
  Clip clip = clip_of(720, 30);
  CHECK(parse_attack("portrait+crf28").applies_to(clip));
  std::swap(clip.width, clip.height);
  CHECK_FALSE(parse_attack("portrait+crf28").applies_to(clip));
}

TEST_CASE("What steg-trace wrote is found, missed or wrong") {
  const std::string start =
      R"({"files": [{"file": "a.mp4", "found": {"how": "mirrored", "pilot": 9.5, "position": 3},)";
  const Tracing tracing =
      parse_trace(start + R"("segments": [{"id": "X", "signature": 12.5}, {"id": "Y", "signature": 8}]}]})", "X");
  CHECK(tracing.tried);
  CHECK(tracing.found);
  CHECK(tracing.wrong == 1);
  CHECK(tracing.signature == 12.5);
  CHECK(tracing.how == "mirrored");
  CHECK(tracing.places == 3);
  const Tracing nothing = parse_trace(R"({"files": [{"file": "a.mp4", "segments": []}]})", "X");
  CHECK(nothing.tried);
  CHECK_FALSE(nothing.found);
  CHECK(nothing.how.empty());
  CHECK_THROWS_WITH(parse_trace(R"({"files": [{"file": "a.mp4", "error": "It is empty."}]})", "X"),
                    Catch::Contains("It is empty."));
  CHECK_THROWS_AS(parse_trace("no JSON", "X"), std::runtime_error);
}

TEST_CASE("Pictures are not scaled up, and frames not made up") {
  CHECK(parse_attack("480p+crf28").applies_to(clip_of(720, 30)));
  CHECK_FALSE(parse_attack("480p+crf28").applies_to(clip_of(480, 30)));
  CHECK(parse_attack("fps25+crf28").applies_to(clip_of(480, 30)));
  CHECK_FALSE(parse_attack("fps25+crf28").applies_to(clip_of(480, 25)));
}

TEST_CASE("Results come back from their JSON") {
  Results results;
  results.encoder = "abc";
  results.seconds = 10;
  ClipResult clip;
  clip.clip = "a \"clip\".mp4";
  clip.height = 720;
  clip.fidelity.psnr = 46.5;
  clip.fidelity.window.activity = 1.5;
  AttackResult attack;
  attack.attack = "crf28";
  attack.recovery.frames = {30, 29};
  attack.recovery.windows[2] = {1, 1};
  attack.tracing.found = true;
  attack.tracing.how = "mirrored";
  clip.visibility.push_back({kMarkItself, 2, "epoch", 1, 1.5, 0.5});
  clip.attacks.push_back(attack);
  results.clips.push_back(clip);
  const std::string path = "test-robustness.json";
  write_json(results, path);
  const Results back = read_json(path);
  std::remove(path.c_str());
  REQUIRE(back.clips.size() == 1);
  CHECK(back.clips[0].clip == clip.clip);
  CHECK(back.clips[0].fidelity.psnr == 46.5);
  CHECK(back.clips[0].fidelity.window.activity == 1.5);
  REQUIRE(back.clips[0].visibility.size() == 1);
  CHECK(back.clips[0].visibility[0].scale == 2);
  CHECK(back.clips[0].visibility[0].frames == "epoch");
  CHECK(back.clips[0].visibility[0].norm3 == 0.5);
  REQUIRE(back.clips[0].attacks.size() == 1);
  CHECK(back.clips[0].attacks[0].recovery.frames.found == 29);
  CHECK(back.clips[0].attacks[0].recovery.windows[2].count == 1);
  CHECK(back.clips[0].attacks[0].tracing.found);
  CHECK(back.clips[0].attacks[0].tracing.how == "mirrored");
  CHECK_THROWS_AS(read_json("no-such-file.json"), std::runtime_error);
}

TEST_CASE("Results of earlier runs lack what was not measured then, and other files are refused") {
  const std::string path = "test-robustness-old.json";
  std::ofstream(path) << R"({"encoder": "abc", "clips": [{"clip": "a.mp4", "attacks": []}]})";
  const Results results = read_json(path);
  REQUIRE(results.clips.size() == 1);
  CHECK(results.clips[0].visibility.empty());
  std::ofstream(path) << R"({"files": []})";
  CHECK_THROWS_WITH(read_json(path), Catch::Contains("no clips"));
  std::remove(path.c_str());
}

TEST_CASE("What butteraugli_main writes is its maximum and its 3-norm") {
  const Butteraugli distance = parse_butteraugli("18.6415596008\n3-norm: 9.832436\n");
  CHECK(distance.maximum == 18.6415596008);
  CHECK(distance.norm3 == 9.832436);
  for (const char* text : {"", "18.64", "3-norm: 9.8", "1 2 3", "1 3-norm: x"})
    CHECK_THROWS_AS(parse_butteraugli(text), std::runtime_error);
}

TEST_CASE("Key frames, frames between and a change of epoch are looked at, each frame once") {
  Clip clip = clip_of(720, 25);
  clip.frames = 250;
  clip.key_frames = {0, 50, 100};
  const std::vector<LookedAt> frames = frames_to_look_at(clip, 2);
  REQUIRE(frames.size() == 5);
  const std::vector<LookedAt> wanted = {{0, "key"}, {25, "between"}, {50, "epoch"}, {75, "between"}, {100, "key"}};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    CHECK(frames[i].number == wanted[i].number);
    CHECK(frames[i].kind == wanted[i].kind);
  }
  clip.frames = 20;
  clip.key_frames = {0};
  REQUIRE(frames_to_look_at(clip, 2).size() == 1);
  CHECK(frames_to_look_at(clip, 2)[0].kind == "key");
}

TEST_CASE("Targets of visibility are met by the mean, the worst clip and beside x264") {
  Results results;
  for (const double norm3 : {0.3, 0.9}) {
    ClipResult clip;
    clip.clip = "clip" + std::to_string(results.clips.size());
    clip.visibility = {{kMarkItself, 1, "key", 1, 3 * norm3, norm3 - 0.1},
                       {kMarkItself, 1, "between", 1, norm3, norm3 + 0.1},
                       {kMarkItself, 2, "key", 1, 9, 9},
                       {"crf18", 1, "key", 1, 9, 0.5}};
    results.clips.push_back(clip);
  }
  CHECK(overall(results.clips[0].visibility, kMarkItself, 1).norm3 == Approx(0.3));
  const std::string targets = target_table(results);
  for (const char* row :
       {"3-norm, mean of the clips | <= 0.5 | 0.60 | **missed**", "3-norm, worst clip | <= 0.8 | 0.90 | **missed**",
        "x264 CRF 18 (or 0.35) | all | 1 of 2 | **missed**", "maximum, mean of the clips | <= 1.5 | 1.80 | **missed**",
        "maximum, worst clip | <= 2.5 | 2.70 | **missed**"})
    CHECK_THAT(targets, Catch::Contains(row));
  CHECK_THAT(report(results), Catch::Contains("| clip1 | 1 | 0.80 / 2.70 | 1.00 / 0.90 | – | 0.90 / 2.70 |"));
  for (ClipResult& clip : results.clips) clip.visibility.clear();
  results.no_butteraugli = "There is none.";
  CHECK_THAT(report(results), Catch::Contains("There is none."));
  CHECK(target_table(results).empty());
}

TEST_CASE("Kinds of clips have targets of their own, told by their names") {
  Results results;
  for (const char* name : {"terminal.mp4", "talk.mp4"}) {
    ClipResult clip;
    clip.clip = name;
    AttackResult attack;
    attack.attack = "crf33";
    attack.recovery.windows[2] = {1, clip.clip == "talk.mp4" ? 1 : 0};
    clip.attacks.push_back(attack);
    results.clips.push_back(clip);
  }
  CHECK_THAT(target_table(results), Catch::Contains("10 s, terminal, CRF 33 | >= 95% | 0.0% of 1 | **missed**"));
  CHECK_THAT(target_table(results), !Catch::Contains("slides"));
}

TEST_CASE("Frames of a pipeline are handed over in turn, and what is thrown comes back") {
  gst_init(nullptr, nullptr);
  std::vector<int> numbers;
  pass_frames(plain_video(3, 100), [&](gststeg::VideoFrame& frame, int number) {
    numbers.push_back(number);
    CHECK(frame.width() == 384);
    frame.luma()[0] = 7;
  });
  CHECK(numbers == std::vector<int>{0, 1, 2});
  const auto fail = [](gststeg::VideoFrame&, int) { throw std::logic_error("not this frame"); };
  CHECK_THROWS_WITH(pass_frames(plain_video(3, 100), fail), Catch::Contains("not this frame"));
  CHECK_THROWS_AS(pass_frames("filesrc location=no-such-file ! identity name=frames ! fakesink", fail),
                  std::runtime_error);
}

TEST_CASE("A mark is learned from frames with the same chips and taken from these alone") {
  gst_init(nullptr, nullptr);
  PlainEncoder encoder;
  PlainExtractor extractor;
  Eraser eraser(encoder, extractor, {384, 216});
  int before = 0;
  pass_frames(plain_video(4, 110), [&](gststeg::VideoFrame& frame, int) {
    before = frame.luma()[0];
    eraser.look_at(frame, 3);
  });
  REQUIRE(before > 101);
  std::vector<int> levels;
  pass_frames(plain_video(4, 110), [&](gststeg::VideoFrame& frame, int number) {
    eraser.erase(frame, number == 1 ? 5 : 3, 2);
    levels.push_back(frame.luma()[384 * 100 + 200]);
  });
  CHECK(levels == std::vector<int>{before - 2, before, before - 2, before - 2});
}

TEST_CASE("A program's output is read while it runs, and it is not waited for when nobody reads on") {
  const ProgramOutput endless({"yes"});
  char letter = 0;
  REQUIRE(read(endless.file(), &letter, 1) == 1);
  CHECK(letter == 'y');
  CHECK_THROWS_AS(ProgramOutput({"no-such-program-anywhere"}), std::runtime_error);
}

TEST_CASE("A subtraction is reported, and missed where the mark is gone and the picture is not") {
  Results results;
  ClipResult clip;
  clip.clip = "a.mp4";
  AttackResult attack;
  attack.attack = "subtract";
  attack.subtraction.seen = 60;
  attack.subtraction.strength = 1.5;
  attack.subtraction.before = {40, 90, true, true, 44, {3, 1}};
  attack.subtraction.after = {1, 2, false, false, 43, {3, 1.5}};
  clip.attacks.push_back(attack);
  results.clips.push_back(clip);
  CHECK_THAT(report(results),
             Catch::Contains("| a | 60 s | 1.50 | 40.0 | 1.0 (no ID) | 90.0 | 2.0 (no ID) | 44.00 | 43.00 |"));
  CHECK_THAT(target_table(results), Catch::Contains("ID still read | >= 80% | 0.0% of 1 | **missed**"));
  CHECK_THAT(target_table(results), Catch::Contains("3 dB lost, or Butteraugli 2 | all | 0 of 1 | **missed**"));
  results.clips[0].attacks[0].subtraction.after.psnr = 40;
  CHECK_THAT(target_table(results), Catch::Contains("3 dB lost, or Butteraugli 2 | all | 1 of 1 | met"));
  results.clips[0].attacks[0].subtraction.after.found = true;
  CHECK_THAT(target_table(results), !Catch::Contains("3 dB lost"));
}

TEST_CASE("Frames of lossless copies are found by number, and become pictures by the clip's own colours") {
  gst_init(nullptr, nullptr);
  Clip clip;
  clip.width = 18;
  clip.height = 15;
  clip.frames = 3;
  const std::filesystem::path folder = "test-robustness-frames";
  std::filesystem::create_directory(folder);
  const std::filesystem::path copy = folder / "copy.y4m";
  {
    std::ofstream file(copy, std::ios::binary);
    file << "YUV4MPEG2 W18 H15 F25:1 Ip A1:1 C420jpeg\n";
    for (int frame = 0; frame < 3; ++frame)
      file << "FRAME\n"
           << std::string(18 * 15, static_cast<char>(100 + frame)) << std::string(9 * 8, 90) << std::string(9 * 8, 60);
  }
  Y4mReader reader(clip, copy);
  CHECK(reader.frame(2).luma().data[18 * 14 + 17] == 102);
  CHECK(reader.frame(0).luma().data[0] == 100);
  CHECK(reader.frame(1).chroma(0)[71] == 90);
  CHECK(reader.frame(1).chroma(1)[0] == 60);
  CHECK_THROWS_WITH(reader.frame(3), Catch::Contains("no frame 3"));

  const auto text_of = [](const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const FramePictures pictures(clip, copy, {0, 2}, folder, "a");
  const auto files = pictures.png("");
  REQUIRE(files.size() == 2);
  CHECK(text_of(files[0]) != text_of(files[1]));
  clip.matrix = "bt709";
  const auto other = FramePictures(clip, copy, {0}, folder, "b").png("");
  CHECK(text_of(other[0]) != text_of(files[0]));
  clip.matrix = "bt601";
  CHECK(text_of(FramePictures(clip, copy, {0}, folder, "b").png("")[0]) == text_of(files[0]));
  clip.full_range = true;
  CHECK(text_of(FramePictures(clip, copy, {0}, folder, "b").png("")[0]) != text_of(files[0]));
  CHECK_THROWS_AS(FramePictures(clip, copy, {0, 3}, folder, "c"), std::runtime_error);
  std::filesystem::remove_all(folder);
}
