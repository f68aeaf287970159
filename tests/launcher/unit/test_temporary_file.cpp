// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <string>

#include "launcher/http/temporary_file.hpp"

using launcher::FileBudget;
using launcher::TemporaryFile;

namespace {

struct stat status_of(const TemporaryFile& file) {
  struct stat status {};
  fstat(file.descriptor(), &status);
  return status;
}

}  // namespace

TEST_CASE("uploads share a budget, which the end of each gives back", "[uploads]") {
  const auto budget = std::make_shared<FileBudget>(FileBudget{10});
  const std::string bytes = "123456";
  {
    TemporaryFile first(budget);
    first.write(bytes.data(), bytes.size());
    CHECK(first.state() == TemporaryFile::State::whole);
    CHECK(status_of(first).st_size == 6);
    CHECK(status_of(first).st_nlink == 0);
    CHECK(budget->left == 4);
    {
      TemporaryFile second(budget);
      second.write(bytes.data(), 3);
      second.write(bytes.data(), bytes.size());
      CHECK(second.state() == TemporaryFile::State::budget_spent);
      CHECK(status_of(second).st_size == 0);
      CHECK(budget->left == 4);
      second.write(bytes.data(), 1);
      CHECK(budget->left == 4);
    }
    CHECK(budget->left == 4);
    first.write(bytes.data(), 4);
    CHECK(first.state() == TemporaryFile::State::whole);
    CHECK(budget->left == 0);
  }
  CHECK(budget->left == 10);
}
