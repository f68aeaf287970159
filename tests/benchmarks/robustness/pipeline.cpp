// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pipeline.hpp"

#include <stdexcept>

namespace robustness {
namespace {

using gststeg::Ptr;

[[noreturn]] void fail(GstMessage* message) {
  GError* raw_error = nullptr;
  gst_message_parse_error(message, &raw_error, nullptr);
  const Ptr<GError> error(raw_error);
  throw std::runtime_error(error->message);
}

}  // namespace

void require_elements(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (Ptr<GstElementFactory>(gst_element_factory_find(name))) continue;
    throw std::runtime_error(
        std::string("GStreamer finds no element ") + name +
        ". Begin the command with `meson devenv -C build`, or name the folders of the plugins in " +
        "GST_PLUGIN_PATH.");
  }
}

Pipeline::Pipeline(const std::string& description) {
  GError* raw_error = nullptr;
  pipeline_.reset(gst_parse_launch(description.c_str(), &raw_error));
  const Ptr<GError> error(raw_error);
  if (error) throw std::runtime_error(error->message);
  bus_.reset(gst_element_get_bus(pipeline_.get()));
}

Pipeline::~Pipeline() {
  if (pipeline_) gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

Ptr<GstElement> Pipeline::element(const char* name) const {
  return Ptr<GstElement>(gst_bin_get_by_name(GST_BIN(pipeline_.get()), name));
}

void Pipeline::play() const { gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING); }

void Pipeline::check() const {
  const Ptr<GstMessage> message(gst_bus_pop_filtered(bus_.get(), GST_MESSAGE_ERROR));
  if (message) fail(message.get());
}

void Pipeline::wait_for_end() const {
  const auto wanted = static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  const Ptr<GstMessage> message(gst_bus_timed_pop_filtered(bus_.get(), GST_CLOCK_TIME_NONE, wanted));
  if (message && GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR) fail(message.get());
}

}  // namespace robustness
