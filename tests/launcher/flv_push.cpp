// Publishes an FLV file by RTMP in real time and over and over, and from a certain moment on not as it should be: for
// tests.
//   flv-push FILE URL MODE SECONDS
// forward, back, corrupt: after SECONDS the timestamps jump by an hour forward, or back to 0, or ten bodies are
// damaged. pause: from SECONDS on the picture stands still for 8 s, and the sound goes on. hevc12, hvc1, av01: from the
// start the picture is called HEVC (codec id 12, then as Enhanced RTMP has it) or AV1. opus: from the start the sound
// is called Opus. rate: the metadata claim 1,000 frames a second. SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "launcher/playback/flv_tag.hpp"

namespace {

constexpr std::uint32_t kHour = 3600 * 1000;

/// The sizes stay right: what is damaged is what the decoder sees.
void damage(std::string& tag) {
  for (std::size_t i = 11 + 20; i + 4 < tag.size(); i += 3) tag[i] = static_cast<char>(tag[i] ^ 0x5a);
}

using launcher::TagKind;

/// The tag with another body; everything else of its header stays.
std::string with_body(const std::string& tag, const std::string& body) {
  const auto big_endian = [](std::size_t number, int bytes) {
    std::string text;
    for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(number >> (8 * i) & 0xff);
    return text;
  };
  return tag[0] + big_endian(body.size(), 3) + tag.substr(4, 7) + body + big_endian(body.size() + 11, 4);
}

/// The number of that name in the metadata becomes `value`.
void set_number(std::string& tag, const std::string& name, double value) {
  const std::size_t at = tag.find(name);
  if (at == std::string::npos) return;
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  for (std::size_t i = 0; i < 8; ++i) tag[at + name.size() + 1 + i] = static_cast<char>(bits >> (56 - 8 * i) & 0xff);
}

/// What the codec's configuration record begins with: HEVC Main 10, AV1 Main at 10 bit.
const std::string kHevcConfig = std::string("\x01\x02\x20\0\0\0\x90\0\0\0\0\0\x5d\xf0\0\xfc\xfd\xfa\xfa\0\0\x0f\0", 23);
const std::string kAv1Config = std::string("\x81\x05\x4c\0", 4);

std::string renamed(const std::string& mode, TagKind kind, std::string tag) {
  const std::string body = tag.substr(11, tag.size() - 15);
  const bool video = kind == TagKind::video_config || kind == TagKind::key_frame || kind == TagKind::video;
  if (mode == "rate" && kind == TagKind::metadata) set_number(tag, "framerate", 1000);
  if (mode == "hevc12" && kind == TagKind::metadata) set_number(tag, "videocodecid", 12);
  if (mode == "hvc1" && kind == TagKind::metadata) set_number(tag, "videocodecid", 0x68766331);
  if (mode == "av01" && kind == TagKind::metadata) set_number(tag, "videocodecid", 0x61763031);
  if (mode == "hevc12" && video) {
    const std::string payload = kind == TagKind::video_config ? body.substr(1, 4) + kHevcConfig : body.substr(1);
    return with_body(tag, static_cast<char>((body[0] & 0xf0) | 12) + payload);
  }
  if ((mode == "hvc1" || mode == "av01") && video) {
    const bool config = kind == TagKind::video_config;
    const std::string payload = config ? (mode == "hvc1" ? kHevcConfig : kAv1Config) : body.substr(5);
    return with_body(tag, static_cast<char>(0x80 | (body[0] & 0x70) | (config ? 0 : 3)) + mode + payload);
  }
  if (mode == "opus" && kind == TagKind::audio_config) return with_body(tag, std::string("\x90Opus") + body.substr(2));
  if (mode == "opus" && kind == TagKind::audio) return with_body(tag, std::string("\x91Opus") + body.substr(2));
  return tag;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  gst_init(&argc, &argv);
  const std::string mode = argv[3];
  const std::uint32_t moment = static_cast<std::uint32_t>(std::stoul(argv[4])) * 1000;
  std::ifstream file(argv[1], std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto tags = launcher::split_flv(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  GstElement* pipeline =
      gst_parse_launch("appsrc name=in caps=video/x-flv is-live=true ! rtmp2sink name=out sync=false", nullptr);
  GstElement* source = gst_bin_get_by_name(GST_BIN(pipeline), "in");
  GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), "out");
  g_object_set(sink, "location", argv[2], nullptr);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  const gint64 began = g_get_monotonic_time();
  std::uint32_t base = 0;
  int damaged = 0;
  GstFlowReturn flow = GST_FLOW_OK;
  while (flow == GST_FLOW_OK && !tags.empty()) {
    for (const launcher::FlvTag& tag : tags) {
      const std::uint32_t real = base + tag.timestamp;
      const gint64 wait = began + gint64{real} * 1000 - g_get_monotonic_time();
      if (wait > 0) g_usleep(static_cast<gulong>(wait));
      const bool now = real >= moment;
      std::uint32_t timestamp = real;
      if (now && mode == "forward") timestamp += kHour;
      if (now && mode == "back") timestamp -= moment;
      const bool is_sound = tag.kind == TagKind::audio || tag.kind == TagKind::audio_config;
      if (mode == "pause" && now && real < moment + 8000 && !is_sound) continue;
      std::string text = renamed(mode, tag.kind, launcher::with_timestamp(tag, timestamp));
      const bool is_config =
          tag.kind == TagKind::metadata || tag.kind == TagKind::video_config || tag.kind == TagKind::audio_config;
      if (now && mode == "corrupt" && !is_config && damaged < 10) {
        damage(text);
        ++damaged;
      }
      GstBuffer* buffer = gst_buffer_new_allocate(nullptr, text.size(), nullptr);
      gst_buffer_fill(buffer, 0, text.data(), text.size());
      flow = gst_app_src_push_buffer(GST_APP_SRC(source), buffer);
      if (flow != GST_FLOW_OK) break;
    }
    base += tags.back().timestamp + 33;
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(sink);
  gst_object_unref(source);
  gst_object_unref(pipeline);
  return 0;
}
