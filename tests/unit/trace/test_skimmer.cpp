// Frames are numbers here: their first cell says which ID they carry, and "the network" makes the field of it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "launcher/trace/skimmer.hpp"

using trace::Skimmer;

namespace {

constexpr steg::GridSize kSize{96, 108};
constexpr int kRate = 10;

steg::Key key() { return steg::Key::from_hex(std::string(64, '7')); }

class Copy {
 public:
  explicit Copy(Skimmer::Mode mode)
      : reader_(key(), kSize),
        skimmer_(
            reader_, mode, [this](const float* cells, float* field) { extract(cells, field); },
            [this](const std::vector<float>& field, double time, double) {
              CHECK(field.size() == static_cast<std::size_t>(kSize.cells()));
              times.push_back(time);
            }) {}

  /// `first` and `second` of `weight` each way; an empty ID is no mark.
  struct Mark {
    std::string first;
    float strength = 1;
    std::string second = {};
    float second_share = 0;
  };
  void add(int frames, const Mark& mark) {
    marks_.push_back(mark);
    for (int i = 0; i < frames; ++i, ++count_) {
      std::vector<float> cells(static_cast<std::size_t>(kSize.cells()), 0.5F);
      cells[0] = static_cast<float>(marks_.size() - 1);
      skimmer_.add(std::move(cells), static_cast<double>(count_) / kRate, 1.0 / kRate);
    }
  }
  /// Time without frames.
  void pass(double seconds) { count_ += static_cast<int>(std::lround(seconds * kRate)); }
  const Skimmer& skimmer() const { return skimmer_; }
  const Skimmer& finish() {
    skimmer_.finish();
    CHECK(std::is_sorted(times.begin(), times.end()));
    return skimmer_;
  }
  /// Of those looked at within the stretch of time, seconds.
  long looked_at(double from, double to) const {
    return std::count_if(times.begin(), times.end(), [=](double t) { return t >= from - 1e-9 && t < to - 1e-9; });
  }

  std::vector<double> times;

 private:
  void extract(const float* cells, float* field) {
    const Mark& mark = marks_[static_cast<std::size_t>(cells[0])];
    std::normal_distribution<float> noise(0.0F, 1.0F);
    for (int i = 0; i < kSize.cells(); ++i) field[i] = noise(random_);
    add_chips(mark.first, mark.strength, field);
    add_chips(mark.second, mark.strength * mark.second_share, field);
  }
  void add_chips(const std::string& id, float strength, float* field) {
    if (id.empty()) return;
    auto [entry, fresh] = chips_.try_emplace(id);
    if (fresh) entry->second = reader_.chips().frame(id, kSize, 0);
    for (std::size_t i = 0; i < entry->second.size(); ++i) field[i] += strength * entry->second[i];
  }

  std::mt19937 random_{3};
  steg::Reader reader_;
  Skimmer skimmer_;
  std::vector<Mark> marks_;
  std::map<std::string, std::vector<float>> chips_;
  int count_ = 0;
};

}  // namespace

TEST_CASE("of one clear ID one frame a second is enough") {
  Copy copy(Skimmer::Mode::certain);
  copy.add(10 * kRate, {"alice"});
  const Skimmer& skimmer = copy.finish();
  CHECK(skimmer.has_pilots());
  CHECK_FALSE(skimmer.passed_over());
  CHECK(copy.times.size() >= 10);
  CHECK(copy.times.size() <= 12);
  CHECK(copy.times.front() == 0);
  CHECK(copy.times.back() > 9);
}

TEST_CASE("all frames around a change are looked at") {
  Copy copy(Skimmer::Mode::certain);
  copy.add(45, {"alice"});
  copy.add(45, {"bob"});
  copy.finish();
  CHECK(copy.looked_at(4.4, 4.7) == 3);
  CHECK(copy.times.size() < 40);
}

TEST_CASE("a last frame that differs is found") {
  Copy copy(Skimmer::Mode::certain);
  copy.add(39, {"alice"});
  copy.add(1, {"bob"});
  copy.finish();
  CHECK(copy.looked_at(3.8, 4.0) == 2);
}

TEST_CASE("copies that were mixed are looked at frame by frame") {
  Copy averaged(Skimmer::Mode::certain);
  averaged.add(3 * kRate, {"alice", 1, "bob", 1});
  averaged.finish();
  CHECK(averaged.times.size() == 30);

  Copy uneven(Skimmer::Mode::certain);
  uneven.add(3 * kRate, {"alice", 1, "bob", 0.4F});
  uneven.finish();
  CHECK(uneven.times.size() == 30);

  Copy turns(Skimmer::Mode::certain);
  for (int i = 0; i < 60; ++i) turns.add(1, {i % 2 == 0 ? "alice" : "bob"});
  turns.finish();
  CHECK(turns.times.size() > 20);
}

TEST_CASE("weak marks are looked at frame by frame") {
  for (const Skimmer::Mode mode : {Skimmer::Mode::certain, Skimmer::Mode::promising}) {
    Copy copy(mode);
    copy.add(3 * kRate, {"alice", 0.12F});
    const Skimmer& skimmer = copy.finish();
    CHECK(copy.times.size() == 30);
    CHECK(skimmer.has_pilots());
    CHECK_FALSE(skimmer.passed_over());
  }
}

TEST_CASE("without a pilot frames are passed over only where that was asked for") {
  Copy certain(Skimmer::Mode::certain);
  certain.add(3 * kRate, {""});
  CHECK_FALSE(certain.finish().passed_over());
  CHECK(certain.times.size() == 30);

  Copy promising(Skimmer::Mode::promising);
  promising.add(3 * kRate, {""});
  const Skimmer& skimmer = promising.finish();
  CHECK(skimmer.passed_over());
  CHECK_FALSE(skimmer.has_pilots());
  CHECK(promising.times.size() <= 5);
}

TEST_CASE("pilots too weak to see in a frame are seen in many") {
  Copy copy(Skimmer::Mode::promising);
  copy.add(60 * kRate, {"alice", 0.05F});
  CHECK(copy.finish().has_pilots());
}

TEST_CASE("of an ID that is steady a frame in some seconds is enough") {
  Copy copy(Skimmer::Mode::certain);
  copy.add(30 * kRate, {"alice"});
  copy.finish();
  CHECK(copy.looked_at(0, 10) >= 9);
  CHECK(copy.looked_at(10, 30) >= 7);
  CHECK(copy.looked_at(10, 30) <= 9);
  for (std::size_t i = 1; i < copy.times.size(); ++i)
    CHECK(copy.times[i] - copy.times[i - 1] <= trace::GroupSkipper::kLongest);
}

TEST_CASE("one ID for some seconds is steady, until it is another, or mixed, or a gap comes") {
  Copy copy(Skimmer::Mode::certain);
  copy.add(6 * kRate, {"alice"});
  CHECK_FALSE(copy.skimmer().steady());
  copy.add(5 * kRate, {"alice"});
  CHECK(copy.skimmer().steady());
  copy.pass(5);
  copy.add(1, {"alice"});
  CHECK(copy.skimmer().steady());
  SECTION("another ID") {
    copy.add(6 * kRate, {"bob"});
    CHECK_FALSE(copy.skimmer().steady());
  }
  SECTION("two at once") {
    copy.add(6 * kRate, {"alice", 1, "bob", 1});
    CHECK_FALSE(copy.skimmer().steady());
  }
  SECTION("nothing") {
    copy.add(6 * kRate, {""});
    CHECK_FALSE(copy.skimmer().steady());
  }
  SECTION("a gap") {
    copy.pass(5.3);
    copy.add(1, {"alice"});
    CHECK_FALSE(copy.skimmer().steady());
  }
}

TEST_CASE("all frames are looked at if asked for") {
  Copy copy(Skimmer::Mode::all);
  copy.add(25 * kRate, {"alice"});
  CHECK_FALSE(copy.finish().steady());
  CHECK(copy.times.size() == 250);
}

TEST_CASE("an image is a copy of one frame") {
  Copy copy(Skimmer::Mode::promising);
  copy.add(1, {""});
  CHECK_FALSE(copy.finish().passed_over());
  CHECK(copy.times.size() == 1);
}

TEST_CASE("on several threads frames are handed on in order, each with its own field") {
  const steg::Reader reader(key(), kSize);
  std::vector<double> seen;
  Skimmer skimmer(
      reader, Skimmer::Mode::all, [](const float* cells, float* field) { std::fill_n(field, kSize.cells(), cells[0]); },
      [&](const std::vector<float>& field, double time, double) {
        CHECK(static_cast<double>(field.back()) == time);
        seen.push_back(time);
      },
      steg::DayClock(), 3);
  for (int i = 0; i < 7; ++i)
    skimmer.add(std::vector<float>(static_cast<std::size_t>(kSize.cells()), static_cast<float>(i)), i, 1);
  CHECK(seen.size() == 6);
  skimmer.finish();
  CHECK(seen == std::vector<double>{0, 1, 2, 3, 4, 5, 6});
}

TEST_CASE("what goes wrong on another thread comes out") {
  const steg::Reader reader(key(), kSize);
  Skimmer skimmer(
      reader, Skimmer::Mode::all,
      [](const float* cells, float*) {
        if (cells[0] > 0) throw std::runtime_error("broken");
      },
      [](const std::vector<float>&, double, double) {}, steg::DayClock(), 2);
  skimmer.add({0.0F}, 0, 1);
  CHECK_THROWS_WITH(skimmer.add({1.0F}, 1, 1), "broken");
}
