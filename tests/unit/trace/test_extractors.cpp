// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "launcher/trace/extractors.hpp"

namespace {

class Named final : public steg::Extractor {
 public:
  explicit Named(std::string name) : name_(std::move(name)) {}
  steg::Contract contract() const override { return {}; }
  void field(const float*, steg::GridSize, float*) override {}
  void field_on_one_thread(const float*, steg::GridSize, float*) override {}
  std::string fingerprint() const override { return name_; }

 private:
  std::string name_;
};

}  // namespace

TEST_CASE("each network is loaded once, when it is first asked for") {
  std::vector<std::string> loaded;
  trace::Extractors extractors({"new", "old"}, [&loaded](const std::string& path) {
    loaded.push_back(path);
    return std::make_unique<Named>(path);
  });
  REQUIRE(extractors.count() == 2);
  CHECK(extractors.path(1) == "old");
  CHECK(loaded.empty());
  CHECK(extractors.at(0).fingerprint() == "new");
  CHECK(extractors.at(0).fingerprint() == "new");
  CHECK(loaded == std::vector<std::string>{"new"});
  CHECK(extractors.at(1).fingerprint() == "old");
  CHECK(loaded.size() == 2);
}

TEST_CASE("the shares of the significance of all networks add up to one") {
  for (std::size_t count = 1; count <= 5; ++count) {
    const trace::Extractors extractors(std::vector<std::string>(count), nullptr);
    double sum = 0;
    for (std::size_t generation = 0; generation < count; ++generation) sum += 1 / extractors.share(generation);
    CHECK(sum == Approx(1));
  }
  CHECK(trace::Extractors({"only"}, nullptr).share(0) == 1);
  CHECK(trace::Extractors({"new", "old"}, nullptr).share(0) == 2);
}
