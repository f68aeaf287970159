// load_encoder() and load_extractor() with files that keep their contract, and with files that break it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <torch/cuda.h>
#include <torch/script.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "plugins/steg/model/encoder.hpp"
#include "plugins/steg/model/extractor.hpp"
#include "plugins/steg/model/model_path.hpp"

namespace {
std::atomic<int> memory_filled_with_nan{0};
}

/// LibTorch and oneDNN take their memory here: what they forget to write is NaN, instead of a number that happens to
/// do.
extern "C" int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  *memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (!*memory) return ENOMEM;
  std::memset(*memory, 0xff, size);
  ++memory_filled_with_nan;
  return 0;
}

using Catch::Contains;
using steg::GridSize;
using steg::ModelError;

namespace {

constexpr GridSize kSize{384, 216};
constexpr float kPixels = 5.0F;

constexpr char kEncoderContract[] =
    R"({"format": "gst-steg-encoder", "version": 1, "grid": {"short_side": 216, "multiple": 8}, "name": "test"})";
constexpr char kExtractorContract[] =
    R"({"format": "gst-steg-extractor", "version": 1, "grid": {"short_side": 216, "multiple": 8}, "name": "test"})";

constexpr char kPrepare[] = "def prepare(self, chips):\n  return torch.cat([chips, chips * 0.5], 1)\n";
constexpr char kForward[] = "def forward(self, luma, pattern):\n  return pattern[:, 0:1] * 3.0 + luma * 0.0\n";
constexpr char kField[] = "def forward(self, luma):\n  return luma * 2.0 - 1.0\n";

/// Chips that look like chance.
std::vector<float> some_chips() {
  std::vector<float> chips(static_cast<std::size_t>(kSize.cells()));
  for (std::size_t i = 0; i < chips.size(); ++i) chips[i] = i * 2654435761U & 1024U ? 1.0F : -1.0F;
  return chips;
}

/// A TorchScript file that exists as long as this.
class ScriptFile {
 public:
  ScriptFile(const std::vector<std::string>& methods, const std::string& contract) {
    torch::jit::Module module("test");
    for (const std::string& method : methods) module.define(method);
    torch::jit::ExtraFilesMap extra;
    if (!contract.empty()) extra["contract.json"] = contract;
    module.save(path_, extra);
  }
  explicit ScriptFile(const std::string& content) { std::ofstream(path_, std::ios::binary) << content; }
  ~ScriptFile() { std::remove(path_.c_str()); }
  ScriptFile(const ScriptFile&) = delete;
  ScriptFile& operator=(const ScriptFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  static std::string unused_path() {
    char name[] = "steg-model-XXXXXX";
    const int file = mkstemp(name);
    REQUIRE(file >= 0);
    std::fclose(fdopen(file, "w"));
    return name;
  }
  std::string path_ = unused_path();
};

std::string encoder_refusal(const std::vector<std::string>& methods, const std::string& contract) {
  const ScriptFile file(methods, contract);
  try {
    steg::load_encoder(file.path(), 1);
  } catch (const ModelError& error) {
    CHECK_THAT(error.what(), Contains(file.path()));
    return error.what();
  }
  return "accepted";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

/// A contract of version 2.
std::string planes(const std::string& contract, const std::string& count) {
  return replaced(contract, "\"version\": 1", "\"version\": 2, \"planes\": " + count);
}

constexpr char kPreparePlanes[] = "def prepare(self, chips, pixels):\n  return chips[:, :, 0:100] * pixels\n";
constexpr char kLookPlanes[] =
    "def look(self, luma, chroma):\n  return torch.cat([luma * 0.0, chroma[:, 1:2] * 2.0, chroma[:, 0:1]], 1)\n";
constexpr char kForwardPlanes[] =
    "def forward(self, context, pattern):\n  return context[:, 0:1] + pattern[:, :, 0:1], context[:, 1:]\n";
constexpr char kFieldPlanes[] =
    "def forward(self, luma, chroma):\n  return luma + chroma[:, 0:1] * 10.0 + chroma[:, 1:2] * 100.0\n";

}  // namespace

TEST_CASE("an encoder that keeps its contract") {
  const ScriptFile file({kPrepare, kForward}, kEncoderContract);
  const auto encoder = steg::load_encoder(file.path(), 1);
  CHECK(encoder->fingerprint().size() == 16);
  std::vector<float> chips(static_cast<std::size_t>(kSize.cells()), 1.0F);
  chips[5] = -1.0F;
  const auto pattern = encoder->prepare(chips, kSize, kPixels);
  chips.assign(chips.size(), 0.0F);  // the pattern must not point into it
  const std::vector<float> grey(chips.size(), 0.5F);
  std::vector<float> residual(chips.size());
  encoder->residual(grey.data(), *pattern, kSize, residual.data());
  CHECK(residual[4] == 3.0F);
  CHECK(residual[5] == -3.0F);
}

TEST_CASE("an extractor that keeps its contract") {
  const ScriptFile file({kField}, kExtractorContract);
  const auto extractor = steg::load_extractor(file.path(), 1);
  const std::vector<float> cells(static_cast<std::size_t>(kSize.cells()), 0.75F);
  std::vector<float> field(cells.size());
  extractor->field(cells.data(), kSize, field.data());
  CHECK(field.front() == 0.5F);
  CHECK(field.back() == 0.5F);
}

TEST_CASE("networks of three planes get and give luma, Cb and Cr one after the other") {
  const ScriptFile encoder_file({kPreparePlanes, kLookPlanes, kForwardPlanes}, planes(kEncoderContract, "3"));
  const auto encoder = steg::load_encoder(encoder_file.path(), 1);
  CHECK(encoder->contract().version == 2);
  CHECK(encoder->contract().planes == 3);
  const auto cells = static_cast<std::size_t>(kSize.cells());
  REQUIRE(encoder->layout(kSize).cells() == 3 * cells);
  const auto pattern = encoder->prepare(std::vector<float>(cells, -1.0F), kSize, kPixels);
  std::vector<float> seen(3 * cells, 0.25F);
  std::fill_n(seen.begin() + static_cast<std::ptrdiff_t>(cells), cells, 0.5F);
  std::fill_n(seen.begin() + static_cast<std::ptrdiff_t>(2 * cells), cells, 0.75F);
  std::vector<float> residual(3 * cells);
  encoder->residual(seen.data(), *pattern, kSize, residual.data());
  for (std::size_t i = 0; i < cells; ++i) {
    REQUIRE(residual[i] == -kPixels);
    REQUIRE(residual[cells + i] == 1.5F);
    REQUIRE(residual[2 * cells + i] == 0.5F);
  }
  const ScriptFile extractor_file({kFieldPlanes}, planes(kExtractorContract, "3"));
  const auto extractor = steg::load_extractor(extractor_file.path(), 1);
  CHECK(extractor->contract().planes == 3);
  std::vector<float> field(cells);
  extractor->field(seen.data(), kSize, field.data());
  CHECK(field.front() == 80.25F);
  CHECK(field.back() == 80.25F);
}

TEST_CASE("a network of luma alone may have version 2") {
  const ScriptFile file({kPrepare, kForward}, planes(kEncoderContract, "1"));
  const auto encoder = steg::load_encoder(file.path(), 1);
  CHECK(encoder->contract().version == 2);
  CHECK(encoder->layout(kSize).cells() == static_cast<std::size_t>(kSize.cells()));
}

TEST_CASE("networks of three planes that do not do what their contract says") {
  const std::string contract = planes(kEncoderContract, "3");
  CHECK_THAT(encoder_refusal({kPrepare, kForward}, contract), Contains("\"prepare\" of 2 argument"));
  CHECK_THAT(encoder_refusal({kPreparePlanes, kForwardPlanes}, contract), Contains("\"look\" of 2 argument"));
  CHECK_THAT(encoder_refusal({kPreparePlanes, kLookPlanes, kField}, contract), Contains("\"forward\" of 2 argument"));
  const auto look = [&](const std::string& result) {
    return encoder_refusal({kPreparePlanes, "def look(self, luma, chroma):\n  return " + result + "\n", kForwardPlanes},
                           contract);
  };
  CHECK_THAT(look("luma, chroma"), Contains("\"look\" does not return a tensor"));
  CHECK_THAT(look("luma.double()"), Contains("context"));
  CHECK_THAT(look("luma.reshape(5)"), Contains("\"look\" failed"));
  const auto forward = [&](const std::string& result) {
    return encoder_refusal(
        {kPreparePlanes, kLookPlanes, "def forward(self, context, pattern):\n  return " + result + "\n"}, contract);
  };
  CHECK_THAT(forward("context"), Contains("does not return 2 tensors"));
  CHECK_THAT(forward("context, 1"), Contains("does not return 2 tensors"));
  CHECK_THAT(forward("context[:, 0:1], context[:, 0:1]"), Contains("residual of chroma") && Contains("shape"));
  CHECK_THAT(forward("context[:, 0:1], context[:, 1:, 1:]"), Contains("residual of chroma") && Contains("shape"));
  CHECK_THAT(forward("context[:, 0:1], context[:, 1:] / 0.0"), Contains("not finite"));
  CHECK_THAT(
      encoder_refusal({"def prepare(self, chips, pixels):\n  return pixels\n", kLookPlanes, kForwardPlanes}, contract),
      Contains("pattern"));
  const ScriptFile narrow({kField}, planes(kExtractorContract, "3"));
  CHECK_THROWS_WITH(steg::load_extractor(narrow.path(), 1), Contains("\"forward\" of 2 argument"));
}

TEST_CASE("files that are no model") {
  CHECK_THROWS_WITH(steg::load_encoder("/nonexistent/encoder.pt", 1), Contains("GST_STEG_MODEL_PATH"));
  CHECK_THROWS_AS(steg::load_encoder("/", 1), ModelError);
  const ScriptFile text("hello");
  CHECK_THROWS_WITH(steg::load_encoder(text.path(), 1), Contains("damaged or not a TorchScript file"));
  const ScriptFile empty("");
  CHECK_THROWS_AS(steg::load_extractor(empty.path(), 1), ModelError);

  const ScriptFile whole({kField}, kExtractorContract);
  std::ifstream stream(whole.path(), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
  const ScriptFile half(bytes.substr(0, bytes.size() / 2));
  CHECK_THROWS_AS(steg::load_extractor(half.path(), 1), ModelError);
}

TEST_CASE("contracts that do not fit") {
  const std::vector<std::string> methods{kPrepare, kForward};
  const std::string good = kEncoderContract;
  CHECK_THAT(encoder_refusal(methods, ""), Contains("no contract.json"));
  CHECK_THAT(encoder_refusal(methods, "{"), Contains("not JSON"));
  CHECK_THAT(encoder_refusal(methods, "[1]"), Contains("not a JSON object"));
  CHECK_THAT(encoder_refusal(methods, "{}"), Contains("gst-steg-encoder"));
  CHECK_THAT(encoder_refusal(methods, kExtractorContract), Contains("gst-steg-extractor"));
  CHECK_THAT(encoder_refusal(methods, replaced(good, "\"version\": 1", "\"version\": 3")), Contains("version 3"));
  CHECK_THAT(encoder_refusal(methods, replaced(good, "\"version\": 1", "\"version\": 0")), Contains("version 0"));
  CHECK_THAT(encoder_refusal(methods, planes(good, "2")), Contains("planes"));
  CHECK_THAT(encoder_refusal(methods, planes(good, "\"3\"")), Contains("planes"));
  CHECK_THAT(encoder_refusal(methods, replaced(good, "216", "128")), Contains("grid"));
  CHECK_THAT(encoder_refusal(methods, replaced(good, "\"multiple\": 8", "\"multiple\": 16")), Contains("grid"));
  CHECK_THAT(encoder_refusal(methods, replaced(good, "\"grid\"", "\"mesh\"")), Contains("grid"));
}

TEST_CASE("version 2 of the contract is about chips that know the time of day") {
  const std::string second = replaced(kEncoderContract, "\"version\": 1", "\"version\": 2");
  for (const std::string& contract : {second, replaced(second, "\"name\"", "\"planes\": 1, \"name\"")}) {
    const ScriptFile file({kPrepare, kForward}, contract);
    CHECK(steg::load_encoder(file.path(), 1)->chip_format() == steg::ChipFormat::day);
  }
  const ScriptFile first({kPrepare, kForward}, kEncoderContract);
  CHECK(steg::load_encoder(first.path(), 1)->chip_format() == steg::ChipFormat::legacy);
  const ScriptFile extractor({kField}, replaced(kExtractorContract, "\"version\": 1", "\"version\": 2"));
  CHECK(steg::load_extractor(extractor.path(), 1)->chip_format() == steg::ChipFormat::day);
}

TEST_CASE("networks that do not do what their contract says") {
  const std::string contract = kEncoderContract;
  CHECK_THAT(encoder_refusal({kForward}, contract), Contains("\"prepare\""));
  CHECK_THAT(encoder_refusal({kPrepare}, contract), Contains("\"forward\""));
  CHECK_THAT(encoder_refusal({kPrepare, kField}, contract), Contains("\"forward\" of 2 argument"));
  CHECK_THAT(encoder_refusal({kPrepare, "def forward(self, luma, pattern):\n  return luma[:, :, 1:]\n"}, contract),
             Contains("residual") && Contains("shape"));
  CHECK_THAT(encoder_refusal({kPrepare, "def forward(self, luma, pattern):\n  return luma.double()\n"}, contract),
             Contains("residual") && Contains("float"));
  CHECK_THAT(encoder_refusal({kPrepare, "def forward(self, luma, pattern):\n  return luma / 0.0\n"}, contract),
             Contains("not finite"));
  CHECK_THAT(encoder_refusal({kPrepare, "def forward(self, luma, pattern):\n  return 1\n"}, contract),
             Contains("does not return a tensor"));
  CHECK_THAT(
      encoder_refusal({kPrepare, "def forward(self, luma, pattern):\n  return luma + pattern[:, :, 0:7]\n"}, contract),
      Contains("\"forward\" failed"));
  CHECK_THAT(encoder_refusal({"def prepare(self, chips):\n  return chips[0]\n", kForward}, contract),
             Contains("pattern"));
  // One that fits squares only.
  CHECK_THAT(
      encoder_refusal({kPrepare, "def forward(self, luma, pattern):\n  return luma.transpose(2, 3)\n"}, contract),
      Contains("residual"));
}

TEST_CASE("a residual that is not finite is an error, whenever it comes") {
  const ScriptFile file({kPrepare, "def forward(self, luma, pattern):\n  return pattern[:, 0:1] / (luma - 0.25)\n"},
                        kEncoderContract);
  const auto encoder = steg::load_encoder(file.path(), 1);
  const auto pattern =
      encoder->prepare(std::vector<float>(static_cast<std::size_t>(kSize.cells()), 1.0F), kSize, kPixels);
  std::vector<float> cells(static_cast<std::size_t>(kSize.cells()), 0.5F);
  std::vector<float> residual(cells.size());
  encoder->residual(cells.data(), *pattern, kSize, residual.data());
  cells[17] = 0.25F;
  CHECK_THROWS_WITH(encoder->residual(cells.data(), *pattern, kSize, residual.data()), Contains("not finite"));
}

TEST_CASE("the shipped models load, and patterns are made beside residuals") {
  const auto encoder = steg::load_encoder(steg::default_model_path("encoder.pt"), 1);
  CHECK_NOTHROW(steg::load_extractor(steg::default_model_path("extractor.pt"), 1));
  const std::vector<float> chips = some_chips();
  const auto pattern = encoder->prepare(chips, kSize, kPixels);
  std::vector<float> cells(encoder->layout(kSize).cells());
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = 0.5F + 0.2F * std::sin(static_cast<float>(i) * 0.01F);
  std::vector<float> expected(cells.size());
  encoder->residual(cells.data(), *pattern, kSize, expected.data());
  CHECK(std::any_of(expected.begin(), expected.end(), [](float value) { return std::abs(value) > 0.3F; }));

  std::thread preparing([&] {
    for (int i = 0; i < 3; ++i) encoder->prepare(chips, kSize, kPixels);
  });
  std::vector<float> residual(cells.size());
  int different = 0;
  for (int i = 0; i < 10; ++i) {
    encoder->residual(cells.data(), *pattern, kSize, residual.data());
    different += residual != expected;
  }
  preparing.join();
  CHECK(different == 0);
}

TEST_CASE("the shipped encoder lays at most two levels in a cell, where texture would hide more, too") {
  const auto encoder = steg::load_encoder(steg::default_model_path("encoder.pt"), 1);
  const std::vector<float> chips = some_chips();
  std::vector<float> cells(encoder->layout(kSize).cells());
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = 0.45F + 0.1F * static_cast<float>(i * 7919 % 251) / 251.0F;
  std::vector<float> residual(cells.size());
  encoder->residual(cells.data(), *encoder->prepare(chips, kSize, kPixels), kSize, residual.data());
  const auto [least, most] = std::minmax_element(residual.begin(), residual.end());
  CHECK(*least == -2.0F);
  CHECK(*most == 2.0F);
}

TEST_CASE("what memory held before does not get into a result") {
  std::vector<float> cells(steg::CellLayout{kSize, steg::kAllPlanes}.cells());
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = static_cast<float>(i * 7919 % 251) / 251.0F;
  const int before = memory_filled_with_nan;
  for (const char* file : {"extractor.pt", "extractor-steg-4.pt"}) {
    INFO(file);
    const auto extractor = steg::load_extractor(steg::default_model_path(file), 1, steg::Device::cpu);
    std::vector<float> field(static_cast<std::size_t>(kSize.cells()));
    CHECK_NOTHROW(extractor->field(cells.data(), kSize, field.data()));
  }
  const auto encoder = steg::load_encoder(steg::default_model_path("encoder.pt"), 1, steg::Device::cpu);
  const std::vector<float> chips(static_cast<std::size_t>(kSize.cells()), 1.0F);
  std::vector<float> residual(cells.size());
  const auto pattern = encoder->prepare(chips, kSize, kPixels);
  CHECK_NOTHROW(encoder->residual(cells.data(), *pattern, kSize, residual.data()));
  CHECK(memory_filled_with_nan > before);
}

TEST_CASE("without CUDA device=auto is the CPU, and device=cuda says what is missing") {
  if (torch::cuda::is_available()) return;
  const std::string path = steg::default_model_path("encoder.pt");
  CHECK_NOTHROW(steg::load_encoder(path, 1, steg::Device::automatic));
  CHECK_THROWS_WITH(steg::load_encoder(path, 1, steg::Device::cuda),
                    Contains("device=cuda") && Contains("device=auto"));
  CHECK_THROWS_WITH(steg::load_extractor(steg::default_model_path("extractor.pt"), 1, steg::Device::cuda),
                    Contains(at::hasCUDA() ? "driver" : "built without CUDA"));
}

TEST_CASE("a copy is read with the extractors of earlier networks, too, each of them once") {
  const std::string models = steg::default_model_path("");
  const std::string old = steg::default_model_path("extractor-steg-4.pt");
  CHECK(steg::extractor_paths("given.pt") == std::vector<std::string>{"given.pt"});
  char folder[] = "steg-models-XXXXXX";
  REQUIRE(mkdtemp(folder));
  const std::string newest = std::string(folder) + "/extractor.pt";
  const std::string earlier = std::string(folder) + "/extractor-steg-4.pt";
  const auto copy = [](const std::string& from, const std::string& to) {
    std::ifstream in(from, std::ios::binary);
    std::ofstream(to, std::ios::binary) << in.rdbuf();
  };
  setenv("GST_STEG_MODEL_PATH", folder, 1);
  CHECK_THROWS_WITH(steg::extractor_paths(""), Contains(newest));
  copy(old, newest);
  CHECK(steg::extractor_paths("") == std::vector<std::string>{newest});
  copy(old, earlier);
  CHECK(steg::extractor_paths("") == std::vector<std::string>{newest});
  std::ofstream(newest, std::ios::binary) << "another network";
  CHECK(steg::extractor_paths("") == std::vector<std::string>{newest, earlier});
  std::remove(newest.c_str());
  std::remove(earlier.c_str());
  rmdir(folder);
  setenv("GST_STEG_MODEL_PATH", models.c_str(), 1);
}

TEST_CASE("the folder of the models") {
  setenv("GST_STEG_MODEL_PATH", "/some/where", 1);
  CHECK(steg::default_model_path("encoder.pt") == "/some/where/encoder.pt");
  unsetenv("GST_STEG_MODEL_PATH");
  CHECK_THAT(steg::default_model_path("encoder.pt"), Contains("gst-steg/models/encoder.pt"));
}
