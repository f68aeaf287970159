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

std::vector<LumaView> views_of(const std::vector<Picture>& pictures) {
  std::vector<LumaView> views;
  for (const Picture& picture : pictures) views.push_back(picture.view());
  return views;
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
  std::vector<Picture> pictures;
  for (unsigned i = 0; i < 2; ++i) {
    Picture picture = steg::test::draw_marked(key, "LEAK", 3, 960, 540, truth, 0, i);
    // The desktop: a plain colour, and a task bar.
    for (int y = 0; y < 540; ++y) {
      for (int x = 0; x < 960; ++x) {
        if (x >= 40 && x < 520 && y >= 60 && y < 330) continue;
        picture.luma[static_cast<std::size_t>(y * 960 + x)] = y >= 500 ? 30 : 90;
      }
    }
    pictures.push_back(picture);
  }
  const auto areas = picture_areas(views_of(pictures));
  REQUIRE_FALSE(areas.empty());
  CHECK(std::any_of(areas.begin(), areas.end(), [](const Area& area) {
    return std::fabs(area.left - 40) <= 1 && std::fabs(area.top - 60) <= 1 && std::fabs(area.width - 480) <= 2 &&
           std::fabs(area.height - 270) <= 2;
  }));
}

TEST_CASE("a landscape that was squeezed into a portrait is found", "[search]") {
  const Projection truth = Projection::scaling(460.0 / 288, 576.0 / 216);
  const Result result = search(460, 576, truth);
  CHECK(result.location.how == "stretched");
  check_place(result, truth, 460, 576);
}

/// A grey desktop of 640 x 480 pixels, in some pictures.
class Desktop {
 public:
  explicit Desktop(int pictures)
      : pictures_(static_cast<std::size_t>(pictures), Picture{640, 480, std::vector<std::uint8_t>(640 * 480, 90)}) {}
  /// level(x, y, picture) for each pixel of a rectangle in each picture.
  template <typename Level>
  void draw(int left, int top, int width, int height, Level level) {
    for (std::size_t i = 0; i < pictures_.size(); ++i) {
      for (int y = top; y < top + height; ++y) {
        for (int x = left; x < left + width; ++x)
          pictures_[i].luma[static_cast<std::size_t>(y * 640 + x)] =
              static_cast<std::uint8_t>(level(x, y, static_cast<int>(i)));
      }
    }
  }
  std::vector<Area> areas() const { return picture_areas(views_of(pictures_)); }

 private:
  std::vector<Picture> pictures_;
};

bool holds(const std::vector<Area>& areas, double left, double top, double width, double height) {
  return std::any_of(areas.begin(), areas.end(), [&](const Area& area) {
    return area.left == left && area.top == top && area.width == width && area.height == height;
  });
}

TEST_CASE("a window without visible borders is what moves, whatever flickers beside it", "[search]") {
  Desktop desktop(2);
  desktop.draw(240, 160, 320, 240, [](int x, int y, int i) { return 90 + (x * 5 + y * 3 + i * 20) % 40; });
  // A line of text in another window, and a clock.
  desktop.draw(40, 80, 160, 8, [](int x, int, int i) { return x % 8 < 2 + i ? 20 : 240; });
  desktop.draw(616, 468, 8, 1, [](int, int, int i) { return 20 + 200 * i; });
  const auto areas = desktop.areas();
  const auto moving = std::find_if(areas.begin(), areas.end(), [](const Area& area) { return area.moves; });
  REQUIRE(moving != areas.end());
  CHECK(moving->left == 240);
  CHECK(moving->top == 160);
  CHECK(moving->width == 320);
  CHECK(moving->height == 240);
}

TEST_CASE("a window whose content has the desktop's colour now and then is found to the pixel", "[search]") {
  std::minstd_rand random(1);
  std::vector<int> blocks(6 * 16 * 9);
  for (int& block : blocks) block = 60 + static_cast<int>(random() % 70);
  Desktop desktop(6);
  // A title bar above it, in which something flickers.
  desktop.draw(243, 141, 320, 24, [](int, int y, int i) { return y >= 150 && i % 2 == 1 ? 56 : 40; });
  desktop.draw(243, 165, 320, 180, [&](int x, int y, int i) {
    return blocks[static_cast<std::size_t>((i * 9 + (y - 165) / 20) * 16 + (x - 243) / 20)];
  });
  CHECK(holds(desktop.areas(), 243, 165, 320, 180));
}

TEST_CASE("in a single screenshot a window's title is cut off", "[search]") {
  Desktop desktop(1);
  desktop.draw(243, 141, 320, 24,
               [](int x, int y, int) { return x >= 250 && x < 290 && y >= 148 && y < 158 && x % 3 == 0 ? 230 : 48; });
  // Most of the picture's top is as dark as the title: there is no clear edge between them.
  desktop.draw(243, 165, 320, 180,
               [](int x, int y, int) { return x < 467 ? 44 + (x * 7 + y * 3) % 9 : 110 + (x * 5 + y * 11) % 60; });
  CHECK(holds(desktop.areas(), 243, 165, 320, 180));
}

TEST_CASE("a window is found by its borders though text in another one moves", "[search]") {
  Desktop desktop(4);
  desktop.draw(300, 200, 300, 200, [](int x, int y, int) { return 160 + (x + y) % 4; });
  // Of the window only the middle moves.
  desktop.draw(400, 264, 80, 72, [](int, int, int i) { return 60 + i * 30; });
  desktop.draw(40, 80, 160, 16, [](int x, int, int i) { return x % 8 < 2 + i ? 20 : 240; });
  CHECK(holds(desktop.areas(), 300, 200, 300, 200));
}

TEST_CASE("a window that shows a page with frames of its own is found, and text that is sharpened once is no motion",
          "[search]") {
  Desktop desktop(6);
  desktop.draw(40, 80, 160, 16, [](int x, int, int i) { return x % 8 < 2 ? 20 : i == 0 ? 200 : 240; });
  desktop.draw(200, 120, 400, 300, [](int, int, int) { return 200; });
  for (int inset = 20; inset <= 100; inset += 20) {
    const int level = inset % 40 == 0 ? 220 : 240;
    desktop.draw(200 + inset, 120 + inset, 400 - 2 * inset, 300 - 2 * inset, [=](int, int, int) { return level; });
  }
  desktop.draw(380, 240, 40, 40, [](int, int, int i) { return 60 + i * 30; });
  const auto areas = desktop.areas();
  CHECK(holds(areas, 200, 120, 400, 300));
  const auto moving = std::find_if(areas.begin(), areas.end(), [](const Area& area) { return area.moves; });
  CHECK((moving == areas.end() || moving->left >= 360));
}

TEST_CASE("black bars are cut off", "[search]") {
  Picture picture{640, 480, std::vector<std::uint8_t>(640 * 480, 16)};
  for (int y = 60; y < 420; ++y) {
    for (int x = 0; x < 640; ++x)
      picture.luma[static_cast<std::size_t>(y * 640 + x)] = static_cast<std::uint8_t>(60 + (x * 7 + y * 13) % 120);
  }
  const auto areas = picture_areas({picture.view()});
  REQUIRE_FALSE(areas.empty());
  CHECK(areas[0].left == 0);
  CHECK(areas[0].top == 60);
  CHECK(areas[0].width == 640);
  CHECK(areas[0].height == 360);
}

TEST_CASE("a copy without bars has no smaller picture", "[search]") {
  const Picture picture =
      steg::test::draw_marked(steg::Key::public_default(), "LEAK", 0, 384, 216, Projection::translation(0, 0), 3, 1);
  CHECK(picture_areas({picture.view()}).empty());
}

TEST_CASE("a search needs a picture", "[search]") {
  const ChipMap chips(steg::Key::public_default());
  CHECK_THROWS_AS(Search(chips, steg::test::chips_of_cells, {}, {}, {}), std::invalid_argument);
}
