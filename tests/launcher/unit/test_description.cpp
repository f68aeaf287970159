// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "launcher/base/config_error.hpp"
#include "launcher/config/description.hpp"

using launcher::ConfigError;
using launcher::is_variable_name;
using launcher::substitute;
using launcher::used_variables;

TEST_CASE("variables are replaced wherever they stand", "[description]") {
  CHECK(substitute("filesrc location=${in} ! x name=a${n}b", {{"in", "/tmp/a.mp4"}, {"n", "7"}}) ==
        "filesrc location=/tmp/a.mp4 ! x name=a7b");
  CHECK(substitute("no variables at all", {}) == "no variables at all");
}

TEST_CASE("a value cannot become syntax", "[description]") {
  CHECK(substitute("a location=${v}", {{"v", "x ! fakesink"}}) == "a location=x\\ \\!\\ fakesink");
  CHECK(substitute("a location=${v}", {{"v", "it's"}}) == "a location=it\\'s");
  CHECK(substitute("a location=${v}", {{"v", "a\"b"}}) == "a location=a\\\"b");
  CHECK(substitute("a location=${v}", {{"v", "a\\b"}}) == "a location=a\\\\b");
  CHECK(substitute("a location=${v}", {{"v", "${v}"}}) == "a location=\\$\\{v\\}");
}

TEST_CASE("an empty value stays a value", "[description]") {
  CHECK(substitute("a key=${v} b=1", {{"v", ""}}) == "a key=\"\" b=1");
  CHECK(substitute("a key=${v}", {{"v", ""}}) == "a key=\"\"");
  CHECK(substitute("a key=x${v} b=1", {{"v", ""}}) == "a key=x b=1");
}

TEST_CASE("text of other scripts passes unchanged", "[description]") {
  CHECK(substitute("a id=${v}", {{"v", "日本"}}) == "a id=日本");
}

TEST_CASE("a doubled dollar sign stands for itself", "[description]") {
  CHECK(substitute("a b=$${v}", {}) == "a b=${v}");
  CHECK(used_variables("a=${x} b=${y} c=$${z} d=${x}") == std::set<std::string>{"x", "y"});
}

TEST_CASE("mistakes in a description are named", "[description]") {
  CHECK_THROWS_WITH(substitute("a b=${missing}", {}),
                    Catch::Contains("'${missing}'") && Catch::Contains("[variables]"));
  CHECK_THROWS_WITH(substitute("a b=${v", {{"v", "1"}}), Catch::Contains("no '}' ends"));
  CHECK_THROWS_WITH(substitute("a b=\"${v}\"", {{"v", "1"}}), Catch::Contains("quotes"));
  CHECK_THROWS_WITH(substitute("a b='x ${v}'", {{"v", "1"}}), Catch::Contains("quotes"));
  CHECK_THROWS_WITH(substitute("a b=${v v}", {}), Catch::Contains("not a variable"));
  CHECK_THROWS_WITH(substitute("a b=${}", {}), Catch::Contains("not a variable"));
  CHECK_THROWS_WITH(substitute("a b=${v}", {{"v", "line\nbreak"}}), Catch::Contains("control character"));
}

TEST_CASE("an escaped quote does not open a quotation", "[description]") {
  CHECK(substitute("a b=\\\" c=${v}", {{"v", "1"}}) == "a b=\\\" c=1");
}

TEST_CASE("names of variables", "[description]") {
  CHECK(is_variable_name("key-file_2"));
  CHECK_FALSE(is_variable_name(""));
  CHECK_FALSE(is_variable_name("a b"));
  CHECK_FALSE(is_variable_name("a.b"));
}
