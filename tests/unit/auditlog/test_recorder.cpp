// Records, text and time.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "plugins/common/crypto/random.hpp"
#include "recorder.hpp"
#include "support.hpp"

using audit::Action;
using audit::Event;
using audit::EventKind;
using audit::Mark;
using audit::Recorder;
using test::kStart;

namespace {

constexpr audit::WallTime kSecond = 1000000;

Mark mark(std::string_view id, Action action = Action::encode) { return {id, "key", "model", action}; }

/// A recorder whose events are written out at once.
class Events {
 public:
  void count(const Mark& mark, std::string_view client_ip, std::optional<std::int64_t> pts, audit::WallTime now) {
    recorder.count(mark, client_ip, pts, now, notes_);
  }
  void finish() { recorder.finish(notes_); }
  std::size_t size() const { return notes_.size(); }
  Event operator[](std::size_t i) const { return audit::from_row(recorder.row(notes_.at(i))); }

  Recorder recorder{"live", "s1"};

 private:
  std::vector<audit::Note> notes_;
};

}  // namespace

TEST_CASE("times are UTC text", "[text]") {
  CHECK(audit::utc_time(0) == "1970-01-01T00:00:00.000000Z");
  CHECK(audit::utc_time(kStart + 61 * kSecond + 5) == "2026-11-22T11:31:01.000005Z");
  CHECK(audit::utc_time(-1) == "1969-12-31T23:59:59.999999Z");
  CHECK(audit::utc_minute(audit::minute_number(kStart + 59999999)) == "2026-11-22T11:30Z");
  CHECK(audit::utc_minute(audit::minute_number(kStart - 1)) == "2026-11-22T11:29Z");
  CHECK(audit::minute_number(-1) == -1);
}

TEST_CASE("only storable text is stored", "[text]") {
  for (const std::string text : {"", "alice", "\xC3\xA4", "\xE2\x80\x8F", "\xF0\x9F\x8E\xA5", "'; DROP TABLE x; --"}) {
    CHECK(audit::is_storable(text));
    CHECK(audit::storable(text) == text);
  }
  const std::pair<std::string, std::string> escaped[] = {
      {std::string("a\0b", 3), "a\\x00b"},
      {"\xC3", "\\xc3"},                             // cut off
      {"\xC0\xAF", "\\xc0\\xaf"},                    // overlong
      {"\xE0\x80\xAF", "\\xe0\\x80\\xaf"},           // overlong
      {"\xED\xA0\x80", "\\xed\\xa0\\x80"},           // surrogate
      {"\xF4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // beyond U+10FFFF
      {"\xFFok", "\\xffok"},
  };
  for (const auto& [text, stored] : escaped) {
    CHECK_FALSE(audit::is_storable(text));
    CHECK(audit::storable(text) == stored);
    CHECK(audit::is_storable(audit::storable(text)));
  }
}

TEST_CASE("session names are random UUIDs of version 4", "[text]") {
  const std::string uuid = steg::random_uuid();
  REQUIRE(uuid.size() == 36);
  CHECK(uuid[14] == '4');
  CHECK(std::string("89ab").find(uuid[19]) != std::string::npos);
  CHECK(uuid != steg::random_uuid());
}

TEST_CASE("an event survives its row", "[event]") {
  for (const EventKind kind : {EventKind::open, EventKind::close}) {
    const audit::Row row = audit::to_row(test::event(7, kind));
    CHECK(audit::to_row(audit::from_row(row)) == row);
  }
  audit::Row row = audit::to_row(test::event(7));
  row[audit::kRecord] = "7x";
  CHECK_THROWS_AS(audit::from_row(row), audit::AuditError);
  row[audit::kRecord] = std::nullopt;
  CHECK_THROWS_AS(audit::from_row(row), audit::AuditError);
}

TEST_CASE("a record begins with its first frame and ends with its minute", "[recorder]") {
  Events events;
  events.count(mark("a"), "ip", 0, kStart + 58 * kSecond);
  REQUIRE(events.size() == 1);
  CHECK(events[0].kind == EventKind::open);
  CHECK(events[0].record == 1);
  CHECK(events[0].id == "a");
  CHECK(events[0].client_ip == "ip");
  CHECK(events[0].stream == "live");
  CHECK(events[0].session == "s1");
  CHECK(events[0].minute == "2026-11-22T11:30Z");
  CHECK(events[0].first_time == "2026-11-22T11:30:58.000000Z");
  CHECK(events[0].encoded == 0);

  events.count(mark("a", Action::repeat), "ip", 40, kStart + 59 * kSecond);
  events.count(mark("a", Action::residual), "ip", 80, kStart + 60 * kSecond - 1);
  CHECK(events.size() == 1);
  CHECK_FALSE(events.recorder.continues(mark("a"), "ip", kStart + 60 * kSecond));
  events.count(mark("a"), "ip", 120, kStart + 60 * kSecond);
  REQUIRE(events.size() == 3);
  CHECK(events[1].kind == EventKind::close);
  CHECK(events[1].record == 1);
  CHECK(events[1].last_time == "2026-11-22T11:30:59.999999Z");
  CHECK(events[1].first_pts == 0);
  CHECK(events[1].last_pts == 80);
  CHECK(events[1].encoded == 1);
  CHECK(events[1].repeated == 1);
  CHECK(events[1].residual == 1);
  CHECK(events[2].kind == EventKind::open);
  CHECK(events[2].record == 2);
  CHECK(events[2].minute == "2026-11-22T11:31Z");
  CHECK(events.recorder.open_minute() == audit::minute_number(kStart) + 1);

  events.finish();
  events.finish();
  REQUIRE(events.size() == 4);
  CHECK(events[3].encoded == 1);
  CHECK_FALSE(events.recorder.open_minute());
}

TEST_CASE("ID, address, key and model begin a new record, and so does a clock that is set back", "[recorder]") {
  Events events;
  events.count(mark("a"), "ip", std::nullopt, kStart);
  events.count(mark("b"), "ip", std::nullopt, kStart);
  events.count(mark("b"), "other", std::nullopt, kStart);
  events.count({"b", "key2", "model", Action::encode}, "other", std::nullopt, kStart);
  events.count({"b", "key2", "model2", Action::encode}, "other", std::nullopt, kStart);
  events.count({"b", "key2", "model2", Action::encode}, "other", std::nullopt, kStart - 3600 * kSecond);
  events.finish();
  REQUIRE(events.size() == 12);
  for (std::size_t i = 0; i < events.size(); ++i) {
    CHECK(events[i].record == static_cast<std::int64_t>(i / 2 + 1));
    CHECK((events[i].kind == EventKind::open) == (i % 2 == 0));
    CHECK_FALSE(events[i].first_pts);
  }
  CHECK(events[10].minute == "2026-11-22T10:30Z");
}

TEST_CASE("text that no database stores is escaped and still compared as it came", "[recorder]") {
  Events events;
  events.count(mark("\xFF"), std::string_view("1\0", 2), 0, kStart);
  events.count(mark("\xFF"), std::string_view("1\0", 2), 1, kStart);
  events.count(mark("\\xff"), std::string_view("1\0", 2), 2, kStart);
  REQUIRE(events.size() == 3);
  CHECK(events[0].id == "\\xff");
  CHECK(events[0].client_ip == "1\\x00");
}
