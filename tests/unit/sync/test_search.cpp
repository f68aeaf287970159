// The whole search, on pictures whose marks need no network.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "marked_picture.hpp"
#include "picture_area.hpp"
#include "search.hpp"

using namespace steg::sync;

namespace {

constexpr double kScale = 2;  // pixels per cell of the uncropped picture

/// The place that the search finds, and how many places it proposed.
struct Result {
  Location location;
  int visits = 0;
};

Result search(int width, int height, const Projection& truth) {
  const steg::Key key = steg::Key::public_default();
  const ChipMap chips(key);
  const Moment moment{steg::test::draw_marked(key, "LEAK", 3, width, height, truth, 10, 1)};
  Result result;
  double progress = 0;
  Search search(chips, steg::test::chips_of_cells, {moment}, {}, {2, [&](double done) {
                                                                    CHECK(done >= progress);
                                                                    progress = done;
                                                                  }});
  CHECK(search.run([&](const Location& location) {
    ++result.visits;
    result.location = location;
    return location.strength > 15;
  }));
  CHECK(progress <= 1);
  return result;
}

/// Within a cell at the corners of what the copy shows.
void check_place(const Result& result, const Projection& truth, int width, int height) {
  const Projection back = *truth.inverse();
  const Projection found = *result.location.to_picture.inverse();
  CHECK(largest_difference(found, back, rectangle(0.1 * width, 0.1 * height, 0.8 * width, 0.8 * height)) < 1);
}

}  // namespace

TEST_CASE("a mirrored copy is found at once", "[search]") {
  const Projection truth = Projection::affine(-kScale, 0, 768, 0, kScale, 0);
  const Result result = search(768, 432, truth);
  CHECK(result.visits == 1);
  CHECK(result.location.how == "whole picture, mirrored");
  check_place(result, truth, 768, 432);
}

TEST_CASE("a part of the picture is found", "[search]") {
  // 84% of both sides, scaled.
  const Projection truth = Projection::affine(2.21, 0, -70, 0, 2.21, -33);
  const Result result = search(712, 400, truth);
  CHECK(result.location.how == "part of the picture");
  check_place(result, truth, 712, 400);
}

TEST_CASE("a picture in a corner of a desktop is found by its borders", "[search]") {
  const steg::Key key = steg::Key::public_default();
  const Projection truth = Projection::affine(1.25, 0, 40, 0, 1.25, 60);
  std::vector<Moment> moments;
  for (unsigned i = 0; i < 2; ++i) {
    Picture picture = steg::test::draw_marked(key, "LEAK", 3, 960, 540, truth, 0, i);
    // The desktop: a plain colour, and a task bar.
    for (int y = 0; y < 540; ++y) {
      for (int x = 0; x < 960; ++x) {
        if (x >= 40 && x < 520 && y >= 60 && y < 330) continue;
        picture.luma[static_cast<std::size_t>(y * 960 + x)] = y >= 500 ? 30 : 90;
      }
    }
    moments.push_back({picture});
  }
  const auto areas = picture_areas(moments);
  REQUIRE_FALSE(areas.empty());
  CHECK(std::any_of(areas.begin(), areas.end(), [](const Area& area) {
    return std::fabs(area.left - 40) <= 1 && std::fabs(area.top - 60) <= 1 && std::fabs(area.width - 480) <= 2 &&
           std::fabs(area.height - 270) <= 2;
  }));
}

TEST_CASE("a window without visible borders is what moves, whatever flickers beside it", "[search]") {
  std::vector<Moment> moments;
  for (int moment = 0; moment < 2; ++moment) {
    Picture picture{640, 480, std::vector<std::uint8_t>(640 * 480, 90)};
    const auto at = [&](int x, int y) -> std::uint8_t& { return picture.luma[static_cast<std::size_t>(y * 640 + x)]; };
    for (int y = 160; y < 400; ++y) {
      for (int x = 240; x < 560; ++x) at(x, y) = static_cast<std::uint8_t>(90 + (x * 5 + y * 3 + moment * 20) % 40);
    }
    // A line of text in another window, and a clock.
    for (int y = 80; y < 88; ++y) {
      for (int x = 40; x < 200; ++x) at(x, y) = static_cast<std::uint8_t>(x % 8 < 2 + moment ? 20 : 240);
    }
    for (int x = 616; x < 624; ++x) at(x, 468) = static_cast<std::uint8_t>(20 + 200 * moment);
    moments.push_back({picture});
  }
  const auto areas = picture_areas(moments);
  const auto moving = std::find_if(areas.begin(), areas.end(), [](const Area& area) { return area.moves; });
  REQUIRE(moving != areas.end());
  CHECK(moving->left == 240);
  CHECK(moving->top == 160);
  CHECK(moving->width == 320);
  CHECK(moving->height == 240);
}

TEST_CASE("a window whose content has the desktop's colour now and then is found to the pixel", "[search]") {
  std::minstd_rand random(1);
  std::vector<Moment> moments;
  for (int moment = 0; moment < 6; ++moment) {
    Picture picture{640, 480, std::vector<std::uint8_t>(640 * 480, 90)};
    const auto at = [&](int x, int y) -> std::uint8_t& { return picture.luma[static_cast<std::size_t>(y * 640 + x)]; };
    // A title bar above it, in which something flickers.
    for (int y = 141; y < 165; ++y) {
      for (int x = 243; x < 563; ++x) at(x, y) = static_cast<std::uint8_t>(y >= 150 && moment % 2 == 1 ? 56 : 40);
    }
    std::vector<unsigned> blocks(16 * 9);
    for (unsigned& block : blocks) block = 60 + static_cast<unsigned>(random() % 70);
    for (int y = 165; y < 345; ++y) {
      for (int x = 243; x < 563; ++x)
        at(x, y) = static_cast<std::uint8_t>(blocks[static_cast<std::size_t>((y - 165) / 20 * 16 + (x - 243) / 20)]);
    }
    moments.push_back({picture});
  }
  const auto areas = picture_areas(moments);
  CHECK(std::any_of(areas.begin(), areas.end(), [](const Area& area) {
    return area.left == 243 && area.top == 165 && area.width == 320 && area.height == 180;
  }));
}

TEST_CASE("a window is found by its borders though text in another one moves", "[search]") {
  std::vector<Moment> moments;
  for (int moment = 0; moment < 4; ++moment) {
    Picture picture{640, 480, std::vector<std::uint8_t>(640 * 480, 90)};
    const auto at = [&](int x, int y) -> std::uint8_t& { return picture.luma[static_cast<std::size_t>(y * 640 + x)]; };
    for (int y = 200; y < 400; ++y) {
      for (int x = 300; x < 600; ++x) at(x, y) = static_cast<std::uint8_t>(160 + (x + y) % 4);
    }
    // Of the window only the middle moves.
    for (int y = 264; y < 336; ++y) {
      for (int x = 400; x < 480; ++x) at(x, y) = static_cast<std::uint8_t>(60 + moment * 30);
    }
    for (int y = 80; y < 96; ++y) {
      for (int x = 40; x < 200; ++x) at(x, y) = static_cast<std::uint8_t>(x % 8 < 2 + moment ? 20 : 240);
    }
    moments.push_back({picture});
  }
  const auto areas = picture_areas(moments);
  CHECK(std::any_of(areas.begin(), areas.end(), [](const Area& area) {
    return area.left == 300 && area.top == 200 && area.width == 300 && area.height == 200;
  }));
}

TEST_CASE("black bars are cut off", "[search]") {
  Picture picture{640, 480, std::vector<std::uint8_t>(640 * 480, 16)};
  for (int y = 60; y < 420; ++y) {
    for (int x = 0; x < 640; ++x)
      picture.luma[static_cast<std::size_t>(y * 640 + x)] = static_cast<std::uint8_t>(60 + (x * 7 + y * 13) % 120);
  }
  const auto areas = picture_areas({{picture}});
  REQUIRE_FALSE(areas.empty());
  CHECK(areas[0].left == 0);
  CHECK(areas[0].top == 60);
  CHECK(areas[0].width == 640);
  CHECK(areas[0].height == 360);
}

TEST_CASE("a copy without bars has no smaller picture", "[search]") {
  const Picture picture =
      steg::test::draw_marked(steg::Key::public_default(), "LEAK", 0, 384, 216, Projection::translation(0, 0), 3, 1);
  CHECK(picture_areas({{picture}}).empty());
}

TEST_CASE("a search needs a picture", "[search]") {
  const ChipMap chips(steg::Key::public_default());
  CHECK_THROWS_AS(Search(chips, steg::test::chips_of_cells, {}, {}, {}), std::invalid_argument);
}
