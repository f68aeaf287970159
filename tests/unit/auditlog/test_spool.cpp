// The spool file: what is written comes back, and damage shows and spreads no further.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "small_disk.hpp"
#include "spool.hpp"
#include "support.hpp"

using audit::AuditError;
using audit::Event;
using audit::EventKind;
using audit::Row;
using audit::Spool;

namespace {

std::vector<Row> events(std::int64_t first, std::int64_t last) {
  std::vector<Row> result;
  for (std::int64_t i = first; i <= last; ++i) result.push_back(audit::to_row(test::event(i)));
  return result;
}

std::vector<std::int64_t> records(Spool& spool, std::size_t most = 1000) {
  std::vector<std::int64_t> result;
  for (const Row& row : spool.peek(most)) result.push_back(audit::to_integer(row[audit::kRecord]));
  return result;
}

/// Offset of the n-th line, from 0.
std::size_t line_start(const std::string& text, int n) {
  std::size_t offset = 0;
  for (; n > 0; --n) offset = text.find('\n', offset) + 1;
  return offset;
}

using Numbers = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("events come back as they were, in order", "[spool]") {
  test::Folder folder;
  Event hostile = test::event(1, EventKind::close);
  hostile.id = "a\tb\nc%\x01\x7F-";
  hostile.client_ip = "-";
  hostile.stream = "%2d";
  hostile.session = "\xE2\x80\xAE\xD7\x90 '; DROP TABLE steg_audit_event; --";
  hostile.key_fingerprint = "";
  hostile.model_fingerprint = std::string(100000, 'x');
  {
    Spool spool(folder / "spool", test::key(), 0);
    spool.append({audit::to_row(hostile)});
    spool.append(events(2, 3));
  }
  Spool spool(folder / "spool", test::key(), 0);
  CHECK(spool.waiting() == 3);
  const auto back = spool.peek(10);
  REQUIRE(back.size() == 3);
  CHECK(back[0] == audit::to_row(hostile));
  CHECK(back[2] == audit::to_row(test::event(3)));
  struct stat status {};
  REQUIRE(::stat(spool.path().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("events are taken in batches and the file is emptied behind them", "[spool]") {
  test::Folder folder;
  const audit::Heads heads{{"live", {7, "hash"}}, {"other\n", {1, "-"}}};
  {
    Spool spool(folder / "spool", test::key(), 0);
    CHECK_FALSE(spool.was_reached("database"));
    spool.append(events(1, 5));
    CHECK(records(spool, 2) == Numbers{1, 2});
    CHECK(records(spool, 2) == Numbers{1, 2});
    spool.take();
    CHECK(spool.waiting() == 3);
    spool.append(events(6, 6));
    CHECK(records(spool) == Numbers{3, 4, 5, 6});
    spool.take();
    CHECK(spool.waiting() == 0);
    spool.trim("database", heads);
    CHECK(records(spool).empty());
    spool.append(events(7, 7));
    CHECK(records(spool) == Numbers{7});
  }
  Spool spool(folder / "spool", test::key(), 0);
  CHECK(spool.was_reached("database"));
  CHECK_FALSE(spool.was_reached("another"));
  CHECK(spool.heads() == heads);
  CHECK(records(spool) == Numbers{7});
  CHECK(spool.damaged() == 0);
}

TEST_CASE("what was taken but not emptied comes again after a crash", "[spool]") {
  test::Folder folder;
  {
    Spool spool(folder / "spool", test::key(), 0);
    spool.append(events(1, 3));
    spool.peek(2);
    spool.take();
  }
  Spool spool(folder / "spool", test::key(), 0);
  CHECK(records(spool) == Numbers{1, 2, 3});
}

TEST_CASE("a torn last line costs only itself", "[spool]") {
  test::Folder folder;
  {
    Spool spool(folder / "spool", test::key(), 0);
    spool.append(events(1, 3));
  }
  const std::string whole = test::read_file(folder / "spool");
  const std::size_t last = line_start(whole, 2);
  for (const std::size_t length : {last + 1, last + 20, last + 90, whole.size() - 1}) {
    test::write_file(folder / "spool", whole.substr(0, length));
    {
      Spool spool(folder / "spool", test::key(), 0);
      CHECK(spool.damaged() == 1);
      CHECK(records(spool) == Numbers{1, 2});
      spool.append(events(4, 4));
    }
    Spool spool(folder / "spool", test::key(), 0);
    CHECK(spool.damaged() == 0);
    CHECK(records(spool) == Numbers{1, 2, 4});
  }
  CHECK(test::read_file(folder / "spool.damaged").find(whole.substr(last, 20)) != std::string::npos);
}

TEST_CASE("damage in the middle costs only the lines it touches, and they are kept", "[spool]") {
  test::Folder folder;
  {
    Spool spool(folder / "spool", test::key(), 0);
    spool.append(events(1, 4));
  }
  const std::string whole = test::read_file(folder / "spool");
  const std::size_t second = line_start(whole, 1);
  const std::size_t third = line_start(whole, 2);
  std::string damaged = whole;
  SECTION("a changed digit") { damaged[third - 3] ^= 1; }
  SECTION("zeros, as a file system may leave them") { damaged.replace(second + 5, 40, 40, '\0'); }
  SECTION("a made-up line") { damaged.replace(second, third - second, "nonsense\n"); }
  SECTION("a line that is only a newline") { damaged.replace(second, third - second, "\n"); }
  SECTION("a forged hash") { damaged.replace(second + 17, 64, 64, '0'); }
  test::write_file(folder / "spool", damaged);
  Spool spool(folder / "spool", test::key(), 0);
  CHECK(spool.damaged() == 1);
  CHECK(spool.waiting() == 3);
  CHECK(records(spool) == Numbers{1, 3, 4});
  const std::string kept = test::read_file(spool.damaged_path());
  CHECK(kept.size() == damaged.size() - (whole.size() - (third - second)));
  CHECK(damaged.compare(second, kept.size(), kept) == 0);
}

TEST_CASE("a lost newline costs the two lines that it joins", "[spool]") {
  test::Folder folder;
  {
    Spool spool(folder / "spool", test::key(), 0);
    spool.append(events(1, 4));
  }
  std::string text = test::read_file(folder / "spool");
  text[line_start(text, 2) - 1] = 'x';
  test::write_file(folder / "spool", text);
  Spool spool(folder / "spool", test::key(), 0);
  CHECK(spool.damaged() == 1);
  CHECK(records(spool) == Numbers{1, 4});
}

TEST_CASE("lines of another key are an error, not damage", "[spool]") {
  test::Folder folder;
  { Spool(folder / "spool", test::key(1), 0).append(events(1, 2)); }
  CHECK_THROWS_WITH(Spool(folder / "spool", test::key(2), 0),
                    Catch::Contains("2 lines that were written with another key"));
  Spool spool(folder / "spool", test::key(1), 0);
  CHECK(spool.waiting() == 2);
}

TEST_CASE("one spool belongs to one log", "[spool]") {
  test::Folder folder;
  const Spool spool(folder / "spool", test::key(), 0);
  CHECK_THROWS_WITH(Spool(folder / "spool", test::key(), 0), Catch::Contains("in use"));
}

TEST_CASE("a place where no spool can be is an error that names it", "[spool]") {
  test::Folder folder;
  CHECK_THROWS_WITH(Spool(folder / "none/spool", test::key(), 0), Catch::Contains(folder / "none/spool"));
  std::filesystem::create_directory(folder / "directory");
  CHECK_THROWS_AS(Spool(folder / "directory", test::key(), 0), AuditError);
  CHECK_THROWS_WITH(Spool("/dev/null", test::key(), 0), Catch::Contains("not a plain file"));
}

TEST_CASE("a line that is no event is refused, although its HMAC is good", "[spool]") {
  test::Folder folder;
  audit::Row row = audit::to_row(test::event(1));
  SECTION("too few columns") { row.resize(audit::kResidual); }
  SECTION("another kind") { row[audit::kEvent] = "purge"; }
  SECTION("no number") { row[audit::kEncoded] = "many"; }
  SECTION("no ID") { row[audit::kId] = std::nullopt; }
  Spool spool(folder / "spool", test::key(), 0);
  spool.append({row});
  CHECK_THROWS_AS(spool.peek(1), AuditError);
}

TEST_CASE("a full spool takes nothing rather than half of it", "[spool]") {
  test::Folder folder;
  SECTION("its own limit") {
    Spool spool(folder / "spool", test::key(), 600);
    spool.append(events(1, 2));
    CHECK_THROWS_WITH(spool.append(events(3, 4)), Catch::Contains("limit of 600 bytes"));
    CHECK(records(spool) == Numbers{1, 2});
  }
  SECTION("the limit of the system, as with a full disk") {
    Spool spool(folder / "spool", test::key(), 0);
    spool.append(events(1, 2));
    {
      const test::FileSizeLimit limit(spool.bytes() + 500);
      CHECK_THROWS_WITH(spool.append(events(3, 6)), Catch::Contains("cannot be written"));
    }
    CHECK(std::filesystem::file_size(spool.path()) == spool.bytes());
    CHECK(records(spool) == Numbers{1, 2});
    spool.append(events(7, 7));
    CHECK(records(spool) == Numbers{1, 2, 7});
  }
}

TEST_CASE("for the last resort there is room beyond the limit, and on a full disk", "[spool]") {
  test::Folder folder;
  SECTION("beyond the limit") {
    Spool spool(folder / "spool", test::key(), 600);
    spool.append(events(1, 2));
    spool.begin_last_resort();
    spool.append(events(3, 9));
    CHECK(records(spool) == Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9});
  }
  SECTION("on a full disk") {
    if (::getuid() != 0) {
      WARN("only root can make a small disk: not tested");
      return;
    }
    const test::SmallDisk disk(folder / "disk", "4m");
    Numbers kept;
    {
      Spool spool(disk / "spool", test::key(), 0);
      spool.append(events(1, 2));
      disk.fill();
      std::int64_t next = 3;
      const auto fill = [&] {
        for (; next < 100000; ++next) spool.append(events(next, next));
      };
      CHECK_THROWS_WITH(fill(), Catch::Contains("No space left"));
      CHECK_THROWS_WITH(spool.append(events(next, next)), Catch::Contains("No space left"));
      spool.begin_last_resort();
      spool.append(events(next, next + 1999));
      for (std::int64_t i = 1; i < next + 2000; ++i) kept.push_back(i);
    }
    Spool again(disk / "spool", test::key(), 0);
    CHECK(again.damaged() == 0);
    CHECK(records(again, 100000) == kept);
    disk.make_room();
    again.append(events(1, 1));
  }
  SECTION("and it is given back") {
    { const Spool spool(folder / "spool", test::key(), 0); }
    struct stat status {};
    REQUIRE(::stat((folder / "spool").c_str(), &status) == 0);
    CHECK(status.st_blocks == 0);
  }
}
