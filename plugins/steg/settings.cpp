// SPDX-License-Identifier: LGPL-2.1-or-later
#include "settings.hpp"

namespace steg {

GstResourceError file_error_code(const std::string& path) {
  return g_file_test(path.c_str(), G_FILE_TEST_EXISTS) ? GST_RESOURCE_ERROR_SETTINGS : GST_RESOURCE_ERROR_NOT_FOUND;
}

void post_resource_error(GstElement* element, GstResourceError code, const std::string& text) {
  GST_ERROR_OBJECT(element, "%s", text.c_str());
  gst_element_message_full(element, GST_MESSAGE_ERROR, GST_RESOURCE_ERROR, code, g_strdup(text.c_str()), nullptr,
                           __FILE__, GST_FUNCTION, __LINE__);
}

void post_settings_warning(GstElement* element, const std::string& text) {
  GST_ELEMENT_WARNING(element, RESOURCE, SETTINGS, ("%s", text.c_str()), (nullptr));
}

GType device_type() {
  static const GEnumValue values[] = {
      {static_cast<gint>(Device::automatic), "The first CUDA device if LibTorch can use one, else the CPU", "auto"},
      {static_cast<gint>(Device::cpu), "The CPU", "cpu"},
      {static_cast<gint>(Device::cuda), "The first CUDA device; without one the element does not start", "cuda"},
      {0, nullptr, nullptr}};
  static const GType type = g_enum_register_static("GstStegDevice", values);
  return type;
}

void install_device_property(GObjectClass* klass, guint property) {
  constexpr auto kFlags =
      static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
  g_object_class_install_property(
      klass, property,
      g_param_spec_enum("device", "Device",
                        "Where the network is computed. Pictures stay in main memory; with CUDA their cells go to the "
                        "device and the result comes back, 1 MB each way at most.",
                        device_type(), static_cast<gint>(Device::automatic), kFlags));
  gst_type_mark_as_plugin_api(device_type(), static_cast<GstPluginAPIFlags>(0));
}

std::optional<Key> load_key(GstElement* element, const std::string& key_file) {
  try {
    return key_file.empty() ? Key::public_default() : Key::from_file(key_file);
  } catch (const KeyError& error) {
    post_resource_error(element, file_error_code(key_file), error.what());
    return std::nullopt;
  }
}

bool has_size_of(GstBuffer* buffer, const GstVideoInfo& info) {
  const GstVideoMeta* meta = gst_buffer_get_video_meta(buffer);
  return !meta || (static_cast<gint>(meta->width) == GST_VIDEO_INFO_WIDTH(&info) &&
                   static_cast<gint>(meta->height) == GST_VIDEO_INFO_HEIGHT(&info));
}

void SizeRefusal::post(GstElement* element, const GstVideoInfo& info, const std::string& text) {
  const gint width = GST_VIDEO_INFO_WIDTH(&info);
  const gint height = GST_VIDEO_INFO_HEIGHT(&info);
  if (width == width_ && height == height_) return;
  width_ = width;
  height_ = height;
  GST_ELEMENT_ERROR(element, STREAM, FORMAT, ("%s", text.c_str()), (nullptr));
}

}  // namespace steg
