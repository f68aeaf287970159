// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "launcher/base/config_error.hpp"
#include "launcher/config/encoder_parts.hpp"
#include "launcher/config/launch_config.hpp"

using namespace launcher;
using Catch::Contains;

namespace {

Groups two_encoders() {
  return {{"pipeline", {{"description", "a ! ${encoder} ! b"}}},
          {"variables", {{"encoder", "soft"}, {"bitrate", "9"}}},
          {"encoder soft", {{"part", "soft name=enc bitrate=${bitrate}"}, {"needs", "the package soft"}}},
          {"encoder card", {{"part", "convert ! card name=enc"}, {"needs", "the package card, and a card"}}}};
}

bool all(const std::string&) { return true; }

LaunchConfig config_of(Groups groups, Variables overrides = {}, const HasElement& here = all) {
  put_in_encoder(groups, overrides, here);
  return read_config(groups, overrides, "file");
}

std::string description(const Groups& groups, const Variables& overrides, const HasElement& here = all) {
  return config_of(groups, overrides, here).streams.at(0).description;
}

bool soft_only(const std::string& element) { return element == "soft"; }

}  // namespace

TEST_CASE("the variable encoder chooses the part", "[config]") {
  CHECK(description(two_encoders(), {}) == "a ! soft name=enc bitrate=9 ! b");
  CHECK(description(two_encoders(), {{"encoder", "card"}}) == "a ! convert ! card name=enc ! b");
  Groups streams = two_encoders();
  streams["stream one"] = {};
  streams["stream two"]["bitrate"] = "7";
  const LaunchConfig config = config_of(streams);
  CHECK(config.streams.at(0).description == "a ! soft name=enc bitrate=9 ! b");
  CHECK(config.streams.at(1).description == "a ! soft name=enc bitrate=7 ! b");
  // What only the other part uses is no variable now; who sets it for that one is not refused.
  CHECK(config_of(streams, {{"encoder", "card"}, {"bitrate", "5"}, {"two.bitrate", "6"}}).streams.at(1).description ==
        "a ! convert ! card name=enc ! b");
}

TEST_CASE("recipients have parts with their names", "[config]") {
  Groups groups{{"pipeline", {{"description", "a"}, {"recipient", "t. ! ${encoder} ! sink-${recipient}"}}},
                {"variables", {{"encoder", "soft"}}},
                {"encoder soft", {{"part", "soft name=enc-${recipient}"}}},
                {"encoder card", {{"part", "card name=enc-${recipient}"}}},
                {"recipient alice", {}},
                {"recipient bob", {}}};
  CHECK(description(groups, {}) == "a t. ! soft name=enc-alice ! sink-alice t. ! soft name=enc-bob ! sink-bob");
  CHECK(description(groups, {{"encoder", "card"}}) ==
        "a t. ! card name=enc-alice ! sink-alice t. ! card name=enc-bob ! sink-bob");
}

TEST_CASE("of several encoders the first that is here is taken", "[config]") {
  CHECK(description(two_encoders(), {{"encoder", "card; soft"}}, soft_only) == "a ! soft name=enc bitrate=9 ! b");
  CHECK(description(two_encoders(), {{"encoder", "card; soft"}}) == "a ! convert ! card name=enc ! b");
  CHECK_THROWS_WITH(
      description(two_encoders(), {{"encoder", "card"}}, soft_only),
      "[variables] encoder: there is no element card here: it needs the package card, and a card. Here are: soft");
}

TEST_CASE("a wrong encoder is named", "[config]") {
  CHECK_THROWS_WITH(description(two_encoders(), {{"encoder", "sofd"}}),
                    Contains("no group [encoder sofd]") && Contains("Here are: card, soft"));
  CHECK_THROWS_WITH(description(two_encoders(), {{"encoder", ""}}),
                    Contains("[variables] encoder: empty") && Contains("card, soft"));
  Groups groups = two_encoders();
  groups["encoder soft"]["parts"] = "x";
  CHECK_THROWS_WITH(description(groups, {}), Contains("[encoder soft] parts"));
  groups = two_encoders();
  groups["encoder soft"].erase("part");
  CHECK_THROWS_WITH(description(groups, {}), Contains("[encoder soft] part: missing"));
}

TEST_CASE("a name of an encoder is no syntax, and $${encoder} is a text", "[config]") {
  CHECK_THROWS_WITH(description(two_encoders(), {{"encoder", "soft ! fakesink"}}),
                    Contains("no group [encoder soft ! fakesink]"));
  Groups groups = two_encoders();
  groups["pipeline"]["description"] = "a x=$${encoder} ! ${encoder} ! b";
  CHECK(description(groups, {}) == "a x=${encoder} ! soft name=enc bitrate=9 ! b");
}

TEST_CASE("a description of one's own may do without the parts of its base", "[config]") {
  Groups groups = two_encoders();
  groups["pipeline"]["description"] = "a ! mine bitrate=${bitrate} ! b";
  CHECK(description(groups, {}) == "a ! mine bitrate=9 ! b");
  CHECK_THROWS_WITH(description(groups, {{"encoder", "card"}}), Contains("--set encoder"));
}

TEST_CASE("without such groups encoder is a variable as any other", "[config]") {
  const Groups groups{{"pipeline", {{"description", "a b=${encoder}"}}}, {"variables", {{"encoder", "x y"}}}};
  CHECK(description(groups, {}) == "a b=x\\ y");
}
