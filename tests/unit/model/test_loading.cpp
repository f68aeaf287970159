// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>

#include "plugins/steg/model/archive_size.hpp"
#include "plugins/steg/model/contract.hpp"
#include "plugins/steg/model/deadline.hpp"
#include "plugins/steg/model/encoder.hpp"
#include "plugins/steg/model/shipped_models.hpp"

using namespace steg;

namespace {

std::string little_endian(std::size_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFFU);
  return text;
}

/// The directory of an archive whose members say that they hold so much.
std::string directory(const std::vector<std::size_t>& sizes) {
  std::string archive = "whatever comes before";
  const std::size_t start = archive.size();
  for (const std::size_t size : sizes) {
    archive += "PK\x01\x02" + std::string(20, '\0') + little_endian(size, 4) + little_endian(3, 2) +
               std::string(16, '\0') + "abc";
  }
  return archive + "PK\x05\x06" + std::string(6, '\0') + little_endian(sizes.size(), 2) + std::string(4, '\0') +
         little_endian(start, 4) + std::string(2, '\0');
}

}  // namespace

TEST_CASE("what an archive holds is known before it is unpacked") {
  CHECK(unpacked_bytes(directory({})) == 0);
  CHECK(unpacked_bytes(directory({5, 7})) == 12);
  CHECK(unpacked_bytes(directory({0xFFFFFFFF, 0xFFFFFFFF})) == std::uint64_t{2} * 0xFFFFFFFF);
  CHECK_FALSE(unpacked_bytes(""));
  CHECK_FALSE(unpacked_bytes("no archive"));
  const std::string whole = directory({5, 7});
  for (std::size_t size = 0; size < whole.size(); ++size) unpacked_bytes(whole.substr(0, size));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = '\xff';
    unpacked_bytes(damaged);
  }
}

TEST_CASE("work that never ends is waited for only so long") {
  using std::chrono::milliseconds;
  CHECK(*within<int>(std::chrono::minutes(5), [] { return std::make_unique<int>(7); }) == 7);
  CHECK_THROWS_AS(
      within<int>(std::chrono::minutes(5), []() -> std::unique_ptr<int> { throw std::runtime_error("broken"); }),
      std::runtime_error);
  const auto end = std::make_shared<std::promise<void>>();
  CHECK_FALSE(within<int>(milliseconds(20), [waiting = end->get_future().share(), end] {
    waiting.wait();
    return std::make_unique<int>(7);
  }));
  end->set_value();
}

TEST_CASE("a contract that would exhaust its parser is refused before it is parsed") {
  for (const std::string& text : {std::string(80000, '['), std::string(80000, '{'), std::string(100000, ' ')}) {
    CHECK_THROWS_AS(read_contract(text, kEncoderFormat, "model.pt"), ModelError);
  }
  std::string why;
  try {
    read_contract("{\"format\": \"\\u001b[2J" + std::string(1000, 'x') + "\"}", kEncoderFormat, "model.pt");
  } catch (const ModelError& error) {
    why = error.what();
  }
  CHECK_THAT(why, Catch::Contains("?[2Jxxx"));
  CHECK(why.size() < 400);
}

TEST_CASE("the shipped models are known") {
  const std::string folder = MODELS;
  CHECK(is_shipped_model(read_model_file(folder + "/encoder.pt").fingerprint));
  CHECK(is_shipped_model(read_model_file(folder + "/extractor.pt").fingerprint));
  CHECK_FALSE(is_shipped_model("0123456789abcdef"));
  CHECK_FALSE(is_shipped_model(""));
}

TEST_CASE("an error of the JSON parser shows no control characters of the text") {
  try {
    read_contract("{\"format\": \"x\x11z\": 8}", kEncoderFormat, "model.pt");
    FAIL("that is no contract");
  } catch (const ModelError& error) {
    for (const char c : std::string(error.what())) CHECK(static_cast<unsigned char>(c) >= 0x20);
  }
}
