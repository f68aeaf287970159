// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fake_model.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "plugins/steg/model/contract.hpp"
#include "plugins/steg/model/encoder.hpp"
#include "plugins/steg/model/extractor.hpp"

namespace fake {

std::atomic<int> prepared{0};
std::atomic<int> residuals{0};
std::atomic<bool> overlapped{false};

namespace {

class Alone {
 public:
  explicit Alone(std::atomic<int>& inside) : inside_(inside) {
    if (++inside_ > 1) overlapped = true;
  }
  ~Alone() { --inside_; }
  Alone(const Alone&) = delete;
  Alone& operator=(const Alone&) = delete;

 private:
  std::atomic<int>& inside_;
};

struct Chips final : steg::Pattern {
  explicit Chips(const std::vector<float>& all) : chips(all) {}
  std::vector<float> chips;
};

class Encoder final : public steg::Encoder {
 public:
  explicit Encoder(steg::ModelFile file) : file_(std::move(file)), fails_(file_.bytes == kFailingEncoder) {}

  std::unique_ptr<steg::Pattern> prepare(const std::vector<float>& chips, steg::GridSize) override {
    const Alone alone(preparing_);
    ++prepared;
    return std::make_unique<Chips>(chips);
  }

  void residual(const float*, const steg::Pattern& pattern, steg::GridSize, float* residual) override {
    const Alone alone(running_);
    ++residuals;
    if (fails_ && ++frames_ > 1) throw steg::ModelError("the residual holds values that are not finite.");
    const std::vector<float>& chips = dynamic_cast<const Chips&>(pattern).chips;
    std::transform(chips.begin(), chips.end(), residual, [](float chip) { return kAmplitude * chip; });
  }

  steg::ChipFormat chip_format() const override {
    return file_.bytes == kDayEncoder ? steg::ChipFormat::day : steg::ChipFormat::legacy;
  }

  std::string fingerprint() const override { return file_.fingerprint; }

 private:
  steg::ModelFile file_;
  bool fails_;
  int frames_ = 0;
  std::atomic<int> preparing_{0};
  std::atomic<int> running_{0};
};

class Extractor final : public steg::Extractor {
 public:
  explicit Extractor(steg::ModelFile file) : file_(std::move(file)) {}

  void field(const float* cells, steg::GridSize size, float* field) override {
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) {
        const int left = std::max(x - 1, 0);
        const int right = std::min(x + 1, size.width - 1);
        const float* row = cells + y * size.width;
        field[y * size.width + x] = 255.0F * (row[x] - (row[left] + row[right]) / 2.0F);
      }
    }
  }

  void field_on_one_thread(const float* cells, steg::GridSize size, float* field) override {
    this->field(cells, size, field);
  }

  steg::ChipFormat chip_format() const override {
    return file_.bytes == kDayExtractor ? steg::ChipFormat::day : steg::ChipFormat::legacy;
  }

  std::string fingerprint() const override { return file_.fingerprint; }

 private:
  steg::ModelFile file_;
};

}  // namespace
}  // namespace fake

namespace steg {

namespace {

/// A machine without CUDA.
void check_device(Device device) {
  if (device == Device::cuda) throw ModelError("no CUDA here");
}

}  // namespace

std::unique_ptr<Encoder> load_encoder(const std::string& path, int, Device device) {
  check_device(device);
  ModelFile file = read_model_file(path);
  if (file.bytes != fake::kEncoder && file.bytes != fake::kDayEncoder && file.bytes != fake::kFailingEncoder)
    throw ModelError("The model \"" + path + "\" breaks its contract. Use the models that came with gst-steg.");
  return std::make_unique<fake::Encoder>(std::move(file));
}

std::unique_ptr<Extractor> load_extractor(const std::string& path, int, Device device) {
  check_device(device);
  ModelFile file = read_model_file(path);
  if (file.bytes != fake::kExtractor && file.bytes != fake::kDayExtractor)
    throw ModelError("The model \"" + path + "\" breaks its contract. Use the models that came with gst-steg.");
  return std::make_unique<fake::Extractor>(std::move(file));
}

}  // namespace steg
