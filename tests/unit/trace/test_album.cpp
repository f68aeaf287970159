// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>

#include "launcher/trace/album.hpp"

TEST_CASE("an album of a long copy") {
  trace::Album album;
  CHECK(album.nearest(0.0, 1.0).base64.empty());
  int made = 0;
  for (int i = 0; i < 72000; ++i) {
    const double time = i * 0.1;
    if (!album.wants(time)) continue;
    album.add({time, std::to_string(i)});
    ++made;
  }
  CHECK(made < 1000);
  CHECK(album.nearest(0.0, 100.0).time == Approx(50.0).margin(120.0));
  CHECK(album.nearest(7000.0, 7100.0).time == Approx(7050.0).margin(120.0));
}
