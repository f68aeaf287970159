// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>

#include "launcher/trace/tool/viewers.hpp"
#include "plugins/steg/sequences/pattern_name.hpp"

namespace tool = steg_trace::tool;
using Catch::Contains;
using steg::Bias;

TEST_CASE("viewers are sorted by how their patterns were made") {
  const steg::Key key = steg::Key::from_hex(std::string(64, '3'));
  const steg::Sequences two(key, 2);
  const steg::Sequences four(key, 4, Bias::uniform);
  tool::ViewerGroups groups;
  groups.add({2, false, {"carol", "alice"}});
  groups.add("alice", steg::pattern_name(two, Bias::arcsine, "alice", 0));
  groups.add("bob", steg::pattern_name(four, Bias::uniform, "bob", 7));
  groups.add("nobody", "0123456789abcdef");
  const std::vector<steg_trace::Viewers> sorted = groups.take();
  REQUIRE(sorted.size() == 2);
  CHECK(sorted[0].names == std::vector<std::string>{"alice", "carol"});
  CHECK(sorted[1].variants == 4);
  CHECK(sorted[1].uniform);
  CHECK(sorted[1].names == std::vector<std::string>{"bob"});
}

TEST_CASE("a list of viewers has a name in each line") {
  const std::string path = "viewers-of-test-ab-trace.txt";
  std::ofstream(path) << "alice\r\n\n  Jos\xc3\xa9 P\xc3\xa9rez \nbob";
  CHECK(tool::read_names(path) == std::vector<std::string>{"alice", "Jos\xc3\xa9 P\xc3\xa9rez", "bob"});
  std::ofstream(path) << " \n";
  CHECK_THROWS_WITH(tool::read_names(path), Contains("is empty"));
  std::remove(path.c_str());
  CHECK_THROWS_WITH(tool::read_names(path), Contains(path) && Contains("cannot be read"));
}
