// Somebody who may do anything to the database, and has no key: kinds of edits in SQL.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <random>
#include <string>
#include <vector>

namespace test {

using Random = std::mt19937_64;
enum class Store { sqlite, postgres };

struct Kind {
  std::string name;
  /// The statements of one edit of this kind; those that the database refuses are left out.
  std::function<std::vector<std::string>(Random&)> edit;
};

std::vector<Kind> kinds_of_edits(Store store);

}  // namespace test
