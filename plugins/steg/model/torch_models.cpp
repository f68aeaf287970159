// Both networks by LibTorch. One translation unit, because torch/script.h alone takes 20 s to compile.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ATen/Parallel.h>
#include <torch/cuda.h>
#include <torch/script.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "contract.hpp"
#include "deadline.hpp"
#include "encoder.hpp"
#include "extractor.hpp"
#include "shipped_models.hpp"

namespace steg {
namespace {

/// The two shapes that every model is tried with when it is loaded: square, and the common 16:9.
constexpr GridSize kTrials[] = {{216, 216}, {384, 216}};
constexpr float kTrialPixels = 5.0F;

/// What every call into Torch needs around it, on whatever thread it comes from.
class TorchCall {
 public:
  explicit TorchCall(int threads) {
    // OpenMP keeps the number per calling thread, so that it has to be set on each of them.
    thread_local int threads_set = 0;
    if (threads_set != threads) at::set_num_threads(threads);
    threads_set = threads;
  }

 private:
  c10::InferenceMode inference_;
  // The optimizing executor would spend its first runs, frames of a live stream, on profiling and compiling.
  torch::jit::GraphOptimizerEnabledGuard plain_executor_{false};
};

torch::Device torch_device(Device device) {
  const bool usable = device != Device::cpu && torch::cuda::is_available();
  if (device == Device::cuda && !usable) {
    throw ModelError(std::string("device=cuda was asked for, but ") +
                     (at::hasCUDA() ? "LibTorch finds no CUDA device it can use; check the driver"
                                    : "this LibTorch was built without CUDA; install one with CUDA") +
                     ", or set device=auto or device=cpu.");
  }
  return usable ? torch::Device(torch::kCUDA, 0) : torch::Device(torch::kCPU);
}

/// `planes` planes of that size, one after the other.
at::Tensor view_of(const float* values, int planes, GridSize size) {
  // from_blob wants a mutable pointer; the networks only read their input.
  return torch::from_blob(const_cast<float*>(values), {1, planes, size.height, size.width}, torch::kFloat32);
}

/// Finite floats of the shape [1, planes, h, w] on the CPU, one after the other; throws if `tensor` is no such thing.
at::Tensor checked(const at::Tensor& tensor, int planes, GridSize size, const char* what) {
  if (tensor.dim() != 4 || tensor.size(0) != 1 || tensor.size(1) != planes || tensor.size(2) != size.height ||
      tensor.size(3) != size.width || tensor.scalar_type() != torch::kFloat32) {
    std::ostringstream text;
    text << "the " << what << " is " << tensor.toString() << " of shape " << tensor.sizes() << " instead of float [1, "
         << planes << ", " << size.height << ", " << size.width << "].";
    throw ModelError(text.str());
  }
  at::Tensor dense = tensor.to(torch::kCPU).contiguous();
  const auto count = static_cast<std::size_t>(planes) * static_cast<std::size_t>(size.cells());
  if (!all_finite(dense.data_ptr<float>(), count))
    throw ModelError(std::string("the ") + what + " holds values that are not finite.");
  return dense;
}

/// Puts the kernels' channels last, and with them everything that is convolved: in blocks of channels, the other
/// layout, oneDNN 3.7 (Debian 13) leaves old memory in the channels that fill a block, and a NaN there spoils the
/// result.
void lay_out_by_pixel(torch::jit::Module& network) {
  for (torch::jit::Module layer : network.modules()) {
    if (!layer.hasattr("weight") || !layer.attr("weight").isTensor()) continue;
    const at::Tensor weight = layer.attr("weight").toTensor();
    if (weight.dim() == 4) layer.setattr("weight", weight.contiguous(at::MemoryFormat::ChannelsLast));
  }
}

/// A loaded archive whose contract.json has been checked.
class Archive {
 public:
  Archive(const std::string& path, const char* format, int threads, Device device)
      : file_(read_model_file(path)), threads_(threads), device_(torch_device(device)) {
    const TorchCall call(threads_);
    torch::jit::ExtraFilesMap extra{{kContractFile, ""}};
    try {
      std::istringstream stream(std::exchange(file_.bytes, {}));
      module_ = torch::jit::load(stream, device_, extra);
      module_.eval();
      lay_out_by_pixel(module_);
    } catch (const c10::Error& error) {
      throw ModelError("The model \"" + path + "\" is damaged or not a TorchScript file (" + first_line(error) +
                       "). Use the models that came with gst-steg.");
    }
    contract_ = read_contract(extra[kContractFile], format, path);
  }

  void require_method(const char* name, std::size_t arguments) const {
    const auto method = module_.find_method(name);
    // The module itself is the first argument.
    if (!method || method->function().getSchema().arguments().size() != arguments + 1)
      throw broken(std::string("it has no method \"") + name + "\" of " + std::to_string(arguments) + " argument(s).");
  }

  /// Calls a method; its result must be `count` tensors.
  std::vector<at::Tensor> run(const char* method, std::vector<c10::IValue> arguments, std::size_t count) const {
    try {
      const c10::IValue result = module_.get_method(method)(std::move(arguments));
      if (count == 1 && result.isTensor()) return {result.toTensor()};
      if (result.isTuple() && result.toTupleRef().elements().size() == count) {
        std::vector<at::Tensor> tensors;
        for (const c10::IValue& element : result.toTupleRef().elements())
          if (element.isTensor()) tensors.push_back(element.toTensor());
        if (tensors.size() == count) return tensors;
      }
    } catch (const c10::Error& error) {
      throw broken(std::string("\"") + method + "\" failed: " + first_line(error));
    } catch (const std::runtime_error& error) {  // an exception raised within the script
      throw broken(std::string("\"") + method + "\" failed: " + error.what());
    }
    throw broken(std::string("\"") + method + "\" does not return " +
                 (count == 1 ? "a tensor." : std::to_string(count) + " tensors."));
  }

  ModelError broken(const std::string& reason) const {
    return ModelError("The model \"" + file_.path + "\" breaks its contract: " + reason +
                      " Use the models that came with gst-steg.");
  }

  /// The planes that a network looks at, on its device; on the CPU nothing is copied.
  std::vector<c10::IValue> inputs(const float* cells, GridSize size) const {
    const CellLayout layout{size, contract_.planes};
    std::vector<c10::IValue> tensors{view_of(cells, 1, size).to(device_)};
    if (layout.has_chroma()) tensors.emplace_back(view_of(cells + layout.cb(), 2, size).to(device_));
    return tensors;
  }
  at::Tensor input(const float* values, GridSize size) const { return view_of(values, 1, size).to(device_); }
  at::Tensor input(float value) const { return torch::full({1}, value, torch::kFloat32).to(device_); }

  const Contract& contract() const { return contract_; }
  int threads() const { return threads_; }
  const std::string& fingerprint() const { return file_.fingerprint; }

 private:
  static std::string first_line(const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    return text.substr(0, text.find('\n'));
  }

  ModelFile file_;
  int threads_;
  torch::Device device_;
  torch::jit::Module module_;
  Contract contract_;
};

class TorchPattern final : public Pattern {
 public:
  explicit TorchPattern(at::Tensor values) : values_(std::move(values)) {}
  const at::Tensor& values() const { return values_; }

 private:
  at::Tensor values_;
};

class TorchContext final : public Context {
 public:
  std::vector<c10::IValue> values;  ///< what forward() takes before the pattern
};

class TorchEncoder final : public Encoder {
 public:
  TorchEncoder(const std::string& path, int threads, Device device)
      : archive_(path, kEncoderFormat, threads, device), has_chroma_(archive_.contract().planes == kAllPlanes) {
    archive_.require_method("prepare", has_chroma_ ? 2 : 1);
    if (has_chroma_) archive_.require_method("look", 2);
    archive_.require_method("forward", 2);
    for (const GridSize size : kTrials) {
      const std::vector<float> chips(static_cast<std::size_t>(size.cells()), 1.0F);
      const std::vector<float> grey(layout(size).cells(), 0.5F);
      std::vector<float> result(grey.size());
      const std::unique_ptr<Pattern> pattern = prepare(chips, size, kTrialPixels);
      Encoder::residual(grey.data(), *pattern, size, result.data());
    }
  }

  Contract contract() const override { return archive_.contract(); }

  std::unique_ptr<Pattern> prepare(const std::vector<float>& chips, GridSize size, float pixels) override {
    const TorchCall call(archive_.threads());
    std::vector<c10::IValue> arguments{archive_.input(chips.data(), size)};
    if (has_chroma_) arguments.emplace_back(archive_.input(pixels));
    const at::Tensor pattern = archive_.run("prepare", std::move(arguments), 1).front().contiguous();
    if (pattern.dim() != 4 || pattern.size(0) != 1 || pattern.scalar_type() != torch::kFloat32)
      throw archive_.broken("the pattern is no float tensor of the shape [1, c, height, width].");
    if (!has_chroma_ && (pattern.size(2) != size.height || pattern.size(3) != size.width))
      throw archive_.broken("the pattern has not the shape [1, c, height, width] of the chips.");
    // A network may return its input, but the pattern must not point into the caller's vector.
    const bool callers = pattern.is_cpu() && pattern.storage().data() == static_cast<const void*>(chips.data());
    return std::make_unique<TorchPattern>(callers ? pattern.clone() : pattern);
  }

  void look(const float* cells, GridSize size, std::unique_ptr<Context>& context) override {
    const TorchCall call(archive_.threads());
    if (!context) context = std::make_unique<TorchContext>();
    std::vector<c10::IValue>& values = dynamic_cast<TorchContext&>(*context).values;
    values = archive_.inputs(cells, size);
    // A network of luma alone has no method for it: its context is the picture.
    if (!has_chroma_) return;
    const at::Tensor seen = archive_.run("look", std::exchange(values, {}), 1).front();
    if (seen.scalar_type() != torch::kFloat32) throw archive_.broken("the context is no float tensor.");
    // A network may return its input or a part of it, but what comes of that must not change with the next picture.
    const auto* begin = static_cast<const char*>(seen.storage().data());
    const auto* own = reinterpret_cast<const char*>(cells);
    const bool callers = seen.is_cpu() && begin >= own && begin < own + layout(size).cells() * sizeof(float);
    values = {callers ? seen.clone() : seen};
  }

  const float* residual(const Context& context, const Pattern& pattern, GridSize size) override {
    const TorchCall call(archive_.threads());
    std::vector<c10::IValue> arguments = dynamic_cast<const TorchContext&>(context).values;
    arguments.emplace_back(dynamic_cast<const TorchPattern&>(pattern).values());
    const std::vector<at::Tensor> result = archive_.run("forward", std::move(arguments), has_chroma_ ? 2 : 1);
    try {
      luma_ = checked(result[0], 1, size, "residual");
      if (!has_chroma_) return luma_.data_ptr<float>();
      chroma_ = checked(result[1], 2, size, "residual of chroma");
    } catch (const ModelError& error) {
      throw archive_.broken(error.what());
    }
    const float* luma = luma_.data_ptr<float>();
    const float* chroma = chroma_.data_ptr<float>();
    const CellLayout planes = layout(size);
    // Parts of one tensor lie together already.
    if (chroma == luma + planes.cb()) return luma;
    joined_.assign(luma, luma + planes.plane_cells());
    joined_.insert(joined_.end(), chroma, chroma + 2 * planes.plane_cells());
    return joined_.data();
  }

  std::string fingerprint() const override { return archive_.fingerprint(); }
  bool is_foreign() const override { return !is_shipped_model(archive_.fingerprint()); }

 private:
  Archive archive_;
  bool has_chroma_;
  at::Tensor luma_, chroma_;  ///< the last residual
  std::vector<float> joined_;
};

class TorchExtractor final : public Extractor {
 public:
  TorchExtractor(const std::string& path, int threads, Device device)
      : archive_(path, kExtractorFormat, threads, device) {
    archive_.require_method("forward", archive_.contract().planes == kAllPlanes ? 2 : 1);
    for (const GridSize size : kTrials) {
      const std::vector<float> grey(layout(size).cells(), 0.5F);
      std::vector<float> result(static_cast<std::size_t>(size.cells()));
      field(grey.data(), size, result.data());
    }
  }

  Contract contract() const override { return archive_.contract(); }

  void field(const float* cells, GridSize size, float* field) override { run(cells, size, field, archive_.threads()); }

  void field_on_one_thread(const float* cells, GridSize size, float* field) override { run(cells, size, field, 1); }

  std::string fingerprint() const override { return archive_.fingerprint(); }
  bool is_foreign() const override { return !is_shipped_model(archive_.fingerprint()); }

 private:
  void run(const float* cells, GridSize size, float* field, int threads) const {
    const TorchCall call(threads);
    const at::Tensor result = archive_.run("forward", archive_.inputs(cells, size), 1).front();
    try {
      std::copy_n(checked(result, 1, size, "field").data_ptr<float>(), size.cells(), field);
    } catch (const ModelError& error) {
      throw archive_.broken(error.what());
    }
  }

  Archive archive_;
};

}  // namespace

namespace {

/// A network takes a second or two to load and to be tried, many times as much on a machine that is busy.
constexpr std::chrono::seconds kLoadingTime{120};

template <class Network, class Loaded>
std::unique_ptr<Network> load(const std::string& path, int threads, Device device) {
  auto network = within<Network>(kLoadingTime, [path, threads, device]() -> std::unique_ptr<Network> {
    return std::make_unique<Loaded>(path, threads, device);
  });
  if (!network)
    throw ModelError("The model \"" + path +
                     "\" has not loaded within two minutes. Use the models that came with gst-steg.");
  return network;
}

}  // namespace

std::unique_ptr<Encoder> load_encoder(const std::string& path, int threads, Device device) {
  return load<Encoder, TorchEncoder>(path, threads, device);
}

std::unique_ptr<Extractor> load_extractor(const std::string& path, int threads, Device device) {
  return load<Extractor, TorchExtractor>(path, threads, device);
}

}  // namespace steg
