// SPDX-License-Identifier: LGPL-2.1-or-later
#include <json-glib/json-glib.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "launcher/base/json_node.hpp"
#include "launcher/base/unref_object.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "results.hpp"

namespace robustness {
namespace {

// One list of names for writing and reading: `Visit` takes each name with its value.

template <class Visit>
void fields(Visit& visit, Share& share) {
  visit("count", share.count);
  visit("found", share.found);
}

template <class Visit>
void fields(Visit& visit, Recovery& recovery) {
  visit("frames", recovery.frames);
  for (std::size_t i = 0; i < kWindows.size(); ++i)
    visit(("windows_" + std::to_string(kWindows[i]) + "s").c_str(), recovery.windows[i]);
  visit("whole", recovery.whole);
  visit("signature", recovery.signature);
  visit("wrong", recovery.wrong);
  visit("mean_z", recovery.mean_z);
  visit("bit_accuracy", recovery.bit_accuracy);
  visit("kbps", recovery.kbps);
}

template <class Visit>
void fields(Visit& visit, Tracing& tracing) {
  visit("tried", tracing.tried);
  visit("found", tracing.found);
  visit("wrong", tracing.wrong);
  visit("signature", tracing.signature);
  visit("places", tracing.places);
  visit("how", tracing.how);
  visit("cpu_seconds", tracing.cpu_seconds);
}

template <class Visit>
void fields(Visit& visit, CopyState& state) {
  visit("signature_10s", state.signature_10s);
  visit("signature", state.signature);
  visit("found_10s", state.found_10s);
  visit("found", state.found);
  visit("psnr_y", state.psnr);
  visit("butteraugli_max", state.butteraugli.maximum);
  visit("butteraugli_3norm", state.butteraugli.norm3);
}

template <class Visit>
void fields(Visit& visit, Subtraction& subtraction) {
  visit("seen", subtraction.seen);
  visit("strength", subtraction.strength);
  visit("looked_at", subtraction.looked_at);
  visit("before", subtraction.before);
  visit("after", subtraction.after);
}

template <class Visit>
void fields(Visit& visit, AttackResult& result) {
  visit("attack", result.attack);
  visit("recovery", result.recovery);
  visit("tracing", result.tracing);
  visit("subtraction", result.subtraction);
  visit("unmarked_kbps", result.unmarked_kbps);
}

template <class Visit>
void fields(Visit& visit, WorstWindow& window) {
  visit("ratio", window.ratio);
  visit("rms", window.rms);
  visit("activity", window.activity);
  visit("frame", window.frame);
  visit("x", window.x);
  visit("y", window.y);
}

template <class Visit>
void fields(Visit& visit, Fidelity& fidelity) {
  visit("psnr_y", fidelity.psnr);
  visit("worst_psnr_y", fidelity.worst_psnr);
  visit("ssim", fidelity.ssim);
  visit("worst_ssim", fidelity.worst_ssim);
  visit("ms_ssim", fidelity.ms_ssim);
  visit("worst_ms_ssim", fidelity.worst_ms_ssim);
  visit("worst_window", fidelity.window);
  visit("flicker", fidelity.flicker);
  visit("flicker_at_epochs", fidelity.flicker_at_epochs);
  visit("still_share", fidelity.still_share);
}

template <class Visit>
void fields(Visit& visit, Visibility& visibility) {
  visit("what", visibility.what);
  visit("scale", visibility.scale);
  visit("frames", visibility.frames);
  visit("count", visibility.count);
  visit("butteraugli_max", visibility.maximum);
  visit("butteraugli_3norm", visibility.norm3);
}

template <class Visit>
void fields(Visit& visit, ClipResult& clip) {
  visit("clip", clip.clip);
  visit("still", clip.still);
  visit("lines", clip.lines);
  visit("width", clip.width);
  visit("height", clip.height);
  visit("rate", clip.rate);
  visit("frames", clip.frames);
  visit("fidelity", clip.fidelity);
  visit("visibility", clip.visibility);
  visit("attacks", clip.attacks);
}

template <class Visit>
void fields(Visit& visit, Results& results) {
  visit("encoder", results.encoder);
  visit("extractor", results.extractor);
  visit("strength", results.strength);
  visit("seconds", results.seconds);
  visit("read_rate", results.read_rate);
  visit("no_butteraugli", results.no_butteraugli);
  visit("clips", results.clips);
}

class Writer {
 public:
  explicit Writer(JsonBuilder* builder) : builder_(builder) {}
  template <class Value>
  void operator()(const char* name, Value& value) {
    json_builder_set_member_name(builder_, name);
    write(value);
  }
  template <class Object>
  void write(Object& object) {
    json_builder_begin_object(builder_);
    fields(*this, object);
    json_builder_end_object(builder_);
  }

 private:
  template <class Object>
  void write(std::vector<Object>& objects) {
    json_builder_begin_array(builder_);
    for (Object& object : objects) write(object);
    json_builder_end_array(builder_);
  }
  void write(std::string& value) { json_builder_add_string_value(builder_, value.c_str()); }
  void write(bool& value) { json_builder_add_boolean_value(builder_, value); }
  void write(int& value) { json_builder_add_int_value(builder_, value); }
  void write(double& value) { json_builder_add_double_value(builder_, std::isfinite(value) ? value : 0); }

  JsonBuilder* builder_;
};

class Reader {
 public:
  explicit Reader(JsonObject* object) : object_(object) {}
  template <class Value>
  void operator()(const char* name, Value& value) {
    JsonNode* node = json_object_get_member(object_, name);
    if (node) read(node, value);  // Earlier results lack what was not measured then.
  }

 private:
  template <class Object>
  void read(JsonNode* node, Object& object) {
    if (!JSON_NODE_HOLDS_OBJECT(node)) throw std::runtime_error("an object is missing");
    Reader reader(json_node_get_object(node));
    fields(reader, object);
  }
  template <class Object>
  void read(JsonNode* node, std::vector<Object>& objects) {
    if (!JSON_NODE_HOLDS_ARRAY(node)) throw std::runtime_error("an array is missing");
    JsonArray* array = json_node_get_array(node);
    objects.resize(json_array_get_length(array));
    for (std::size_t i = 0; i < objects.size(); ++i)
      read(json_array_get_element(array, static_cast<guint>(i)), objects[i]);
  }
  void read(JsonNode* node, std::string& value) {
    const gchar* text = json_node_get_string(node);
    value = text ? text : "";
  }
  void read(JsonNode* node, bool& value) { value = json_node_get_boolean(node); }
  void read(JsonNode* node, int& value) { value = static_cast<int>(json_node_get_int(node)); }
  void read(JsonNode* node, double& value) { value = json_node_get_double(node); }

  JsonObject* object_;
};

}  // namespace

void write_json(const Results& results, const std::string& path) {
  const std::unique_ptr<JsonBuilder, launcher::UnrefObject> builder(json_builder_new());
  Results copy = results;
  Writer(builder.get()).write(copy);
  const launcher::JsonNodePtr root(json_builder_get_root(builder.get()));
  const gststeg::Ptr<gchar> text(json_to_string(root.get(), TRUE));
  GError* raw_error = nullptr;
  g_file_set_contents(path.c_str(), (std::string(text.get()) + "\n").c_str(), -1, &raw_error);
  const gststeg::Ptr<GError> error(raw_error);
  if (error) throw std::runtime_error(error->message);
}

Results read_json(const std::string& path) {
  const std::unique_ptr<JsonParser, launcher::UnrefObject> parser(json_parser_new());
  GError* raw_error = nullptr;
  json_parser_load_from_file(parser.get(), path.c_str(), &raw_error);
  const gststeg::Ptr<GError> error(raw_error);
  if (error) throw std::runtime_error(path + ": " + error->message);
  JsonNode* root = json_parser_get_root(parser.get());
  if (!root || !JSON_NODE_HOLDS_OBJECT(root)) throw std::runtime_error(path + " holds no results of this benchmark.");
  if (!json_object_has_member(json_node_get_object(root), "clips"))
    throw std::runtime_error(path + " holds no results of this benchmark: it has no clips.");
  Results results;
  Reader reader(json_node_get_object(root));
  try {
    fields(reader, results);
  } catch (const std::runtime_error& reason) {
    throw std::runtime_error(path + " holds no results of this benchmark: " + reason.what() + ".");
  }
  return results;
}

void Results::merge(const Results& other) {
  if (other.encoder != encoder || other.extractor != extractor || other.strength != strength ||
      other.seconds != seconds || other.read_rate != read_rate)
    throw std::invalid_argument("Results of other networks or settings cannot be put into one report.");
  for (const ClipResult& theirs : other.clips) {
    const auto same = [&](const ClipResult& clip) { return clip.clip == theirs.clip && clip.lines == theirs.lines; };
    const auto ours = std::find_if(clips.begin(), clips.end(), same);
    if (ours == clips.end()) {
      clips.push_back(theirs);
      continue;
    }
    ours->attacks.insert(ours->attacks.end(), theirs.attacks.begin(), theirs.attacks.end());
    if (ours->visibility.empty()) ours->visibility = theirs.visibility;
  }
}

}  // namespace robustness
