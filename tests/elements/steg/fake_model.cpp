// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fake_model.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include "plugins/steg/model/contract.hpp"
#include "plugins/steg/model/encoder.hpp"
#include "plugins/steg/model/extractor.hpp"

namespace fake {

std::atomic<int> prepared{0};
std::atomic<int> looks{0};
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

struct Gains final : steg::Context {
  std::vector<float> gains;
};

constexpr steg::Contract kLuma{1, steg::kLumaOnly};
constexpr steg::Contract kDay{2, steg::kLumaOnly};
constexpr steg::Contract kPlanes{2, steg::kAllPlanes};

steg::Contract contract_of(const std::string& bytes) {
  if (bytes == kPlanesEncoder || bytes == kPlanesExtractor) return kPlanes;
  return bytes == kDayEncoder || bytes == kDayExtractor ? kDay : kLuma;
}

class Encoder final : public steg::Encoder {
 public:
  explicit Encoder(steg::ModelFile file)
      : file_(std::move(file)), contract_(contract_of(file_.bytes)), fails_(file_.bytes == kFailingEncoder) {}

  steg::Contract contract() const override { return contract_; }

  std::unique_ptr<steg::Pattern> prepare(const std::vector<float>& chips, steg::GridSize, float) override {
    const Alone alone(preparing_);
    ++prepared;
    return std::make_unique<Chips>(chips);
  }

  void look(const float* cells, steg::GridSize size, std::unique_ptr<steg::Context>& context) override {
    const Alone alone(running_);
    ++looks;
    if (!context) context = std::make_unique<Gains>();
    std::vector<float>& gains = dynamic_cast<Gains&>(*context).gains;
    gains.assign(static_cast<std::size_t>(size.cells()), kAmplitude);
    if (contract_.planes == steg::kLumaOnly) return;
    for (std::size_t i = 0; i < gains.size(); ++i) gains[i] = kAmplitude * (0.9F + 0.1F * cells[i]);
  }

  const float* residual(const steg::Context& context, const steg::Pattern& pattern, steg::GridSize size) override {
    const Alone alone(running_);
    ++residuals;
    if (fails_ && ++frames_ > 1) throw steg::ModelError("the residual holds values that are not finite.");
    const std::vector<float>& chips = dynamic_cast<const Chips&>(pattern).chips;
    const std::vector<float>& gains = dynamic_cast<const Gains&>(context).gains;
    residual_.resize(layout(size).cells());
    auto next = residual_.begin();
    for (int plane = 0; plane < contract_.planes; ++plane)
      next = std::transform(chips.begin(), chips.end(), gains.begin(), next, std::multiplies<>());
    return residual_.data();
  }

  std::string fingerprint() const override { return file_.fingerprint; }

 private:
  steg::ModelFile file_;
  steg::Contract contract_;
  bool fails_;
  int frames_ = 0;
  std::vector<float> residual_;
  std::atomic<int> preparing_{0};
  std::atomic<int> running_{0};
};

class Extractor final : public steg::Extractor {
 public:
  explicit Extractor(steg::ModelFile file) : file_(std::move(file)), contract_(contract_of(file_.bytes)) {}

  steg::Contract contract() const override { return contract_; }

  void field(const float* cells, steg::GridSize size, float* field) override {
    std::fill_n(field, size.cells(), 0.0F);
    for (int plane = 0; plane < contract_.planes; ++plane, cells += size.cells()) {
      for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
          const int left = std::max(x - 1, 0);
          const int right = std::min(x + 1, size.width - 1);
          const float* row = cells + y * size.width;
          field[y * size.width + x] += 255.0F * (row[x] - (row[left] + row[right]) / 2.0F);
        }
      }
    }
  }

  void field_on_one_thread(const float* cells, steg::GridSize size, float* field) override {
    this->field(cells, size, field);
  }

  std::string fingerprint() const override { return file_.fingerprint; }

 private:
  steg::ModelFile file_;
  steg::Contract contract_;
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
  if (file.bytes != fake::kEncoder && file.bytes != fake::kDayEncoder && file.bytes != fake::kPlanesEncoder &&
      file.bytes != fake::kFailingEncoder)
    throw ModelError("The model \"" + path + "\" breaks its contract. Use the models that came with gst-steg.");
  return std::make_unique<fake::Encoder>(std::move(file));
}

std::unique_ptr<Extractor> load_extractor(const std::string& path, int, Device device) {
  check_device(device);
  ModelFile file = read_model_file(path);
  if (file.bytes != fake::kExtractor && file.bytes != fake::kDayExtractor && file.bytes != fake::kPlanesExtractor)
    throw ModelError("The model \"" + path + "\" breaks its contract. Use the models that came with gst-steg.");
  return std::make_unique<fake::Extractor>(std::move(file));
}

}  // namespace steg
