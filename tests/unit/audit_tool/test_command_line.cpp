// Calls, help, and keygen.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "tool.hpp"

using Catch::Contains;
using test::Result;
using test::steg_audit;

TEST_CASE("help and version") {
  const Result help = steg_audit({"--help"});
  CHECK(help.status == 0);
  CHECK(help.err.empty());
  for (const std::string command : {"list", "verify", "checkpoint", "export", "check-export", "purge", "anonymise",
                                    "migrate", "keygen", "public-key"}) {
    CHECK_THAT(help.out, Contains("  " + command + " "));
    const Result one = steg_audit({command, "--help"});
    CHECK(one.status == 0);
    CHECK_THAT(one.out, Contains("steg-audit " + command) && Contains("\nExample"));
  }
  CHECK_THAT(steg_audit({"--version"}).out, Catch::StartsWith("steg-audit 0."));
}

TEST_CASE("a wrong call says what to do, with status 2") {
  const std::vector<std::pair<std::vector<std::string>, std::string>> calls = {
      {{}, "Usage:"},
      {{"lst"}, "no command \"lst\""},
      {{"list", "--limt", "3"}, "--limt"},
      {{"list", "--limit", "-1"}, "--limit"},
      {{"list", "--limit", "many"}, "many"},
      {{"list", "--format", "xml"}, "table, json or csv"},
      {{"list", "--from", "yesterday"}, "2026-11-22T11:29"},
      {{"list", "--from", "2026-02-30"}, "is no time"},
      {{"list", "--to", "2026-11-22T24:00"}, "is no time"},
      {{"list", "extra"}, "one word too many"},
      {{"verify", "--known", "3:ab"}, "--stream"},
      {{"keygen"}, "name one file"},
      {{"keygen", "a", "b"}, "name one file"}};
  for (const auto& [arguments, words] : calls) {
    const Result result = steg_audit(arguments);
    INFO(words);
    CHECK(result.status == 2);
    CHECK(result.out.empty());
    CHECK_THAT(result.err, Contains(words));
  }
}

TEST_CASE("a log that is not there, or a database that is none, is an error with advice") {
  const test::Folder folder;
  const Result absent = steg_audit({"list", "--database", "sqlite:" + (folder / "absent.db")});
  CHECK(absent.status == 2);
  CHECK_THAT(absent.err, Contains("absent.db"));
  CHECK_FALSE(std::filesystem::exists(folder / "absent.db"));
  CHECK(steg_audit({"verify", "--database", "mysql://host/db"}).status == 2);
  const Result key = steg_audit({"verify", "--key-file", folder / "none"});
  CHECK(key.status == 2);
  CHECK_THAT(key.err, Contains("64 hexadecimal digits"));
}

TEST_CASE("keygen makes a key that only its owner may read, and overwrites nothing") {
  const test::Folder folder;
  const std::string file = folder / "new.key";
  ::umask(0);
  const Result made = steg_audit({"keygen", file});
  ::umask(022);
  CHECK(made.status == 0);
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  const std::string text = test::read_file(file);
  REQUIRE(text.size() == 65);
  CHECK(text.find_first_not_of("0123456789abcdef") == 64);
  CHECK(text.back() == '\n');
  CHECK_THAT(made.out, Contains(steg::Key::from_file(file).fingerprint()));
  CHECK_FALSE(Contains(text.substr(0, 16)).match(made.out));

  const Result again = steg_audit({"keygen", file});
  CHECK(again.status == 2);
  CHECK_THAT(again.err, Contains("is not overwritten"));
  CHECK(test::read_file(file) == text);
  // Nor what a link points to.
  REQUIRE(::symlink((folder / "target").c_str(), (folder / "link").c_str()) == 0);
  CHECK(steg_audit({"keygen", folder / "link"}).status == 2);
  CHECK_FALSE(std::filesystem::exists(folder / "target"));
  CHECK(steg_audit({"keygen", folder / "none/key"}).status == 2);
  // Another call makes another key.
  CHECK(steg_audit({"keygen", folder / "other.key"}).status == 0);
  CHECK(test::read_file(folder / "other.key") != text);
}
