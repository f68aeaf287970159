// The element auditlog in a harness, and what it posts.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/check/gstharness.h>
#include <gst/gst.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "chain.hpp"
#include "plugins/common/crypto/key.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "plugins/common/gststegmeta.h"
#include "support.hpp"

namespace test {

using gststeg::Ptr;

struct TeardownHarness {
  void operator()(GstHarness* harness) const { gst_harness_teardown(harness); }
};

inline constexpr char kKeyHex[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// How many threads this process has.
inline std::size_t threads() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task"))
    count += entry.is_directory() ? 1 : 0;
  return count;
}

/// An auditlog in a folder of its own, and the messages it posts.
class Fixture {
 public:
  Fixture() : element_(gst_element_factory_make("auditlog", nullptr)), bus_(gst_bus_new()) {
    REQUIRE(element_);
    gst_steg_metas_register();
    gst_object_ref_sink(element_.get());
    gst_element_set_bus(element_.get(), bus_.get());
    write_file(folder / "key", std::string(kKeyHex) + '\n');
    set("database", uri());
    set("key-file", folder / "key");
  }
  ~Fixture() {
    harness_.reset();
    gst_element_set_state(element_.get(), GST_STATE_NULL);
    gst_element_set_bus(element_.get(), nullptr);
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  std::string uri() const { return "sqlite:" + (folder / "audit.db"); }
  GstElement* element() const { return element_.get(); }
  void set(const char* property, const std::string& value) {
    gst_util_set_object_arg(G_OBJECT(element_.get()), property, value.c_str());
  }
  std::string get(const char* property) const {
    gchar* text = nullptr;
    g_object_get(element_.get(), property, &text, nullptr);
    const Ptr<gchar> owner(text);
    return text ? text : "";
  }
  GstStateChangeReturn pause() { return gst_element_set_state(element_.get(), GST_STATE_PAUSED); }

  /// Starts the element behind a source of video.
  GstHarness* play(const char* caps = "video/x-raw,format=GRAY8,width=16,height=16,framerate=25/1") {
    harness_.reset(gst_harness_new_with_element(element_.get(), "sink", "src"));
    gst_element_set_bus(element_.get(), bus_.get());
    gst_harness_set_src_caps_str(harness_.get(), caps);
    return harness_.get();
  }
  void stop() {
    gst_element_set_state(element_.get(), GST_STATE_NULL);
    // The harness leaves its pads linked to an element that outlives it.
    const Ptr<GstPad> sink(gst_element_get_static_pad(element_.get(), "sink"));
    const Ptr<GstPad> src(gst_element_get_static_pad(element_.get(), "src"));
    if (const Ptr<GstPad> peer{gst_pad_get_peer(sink.get())}) gst_pad_unlink(peer.get(), sink.get());
    if (const Ptr<GstPad> peer{gst_pad_get_peer(src.get())}) gst_pad_unlink(src.get(), peer.get());
    harness_.reset();
  }

  /// One frame; no mark if `id` is NULL.
  GstFlowReturn push(const char* id, const char* action = "encode", GstClockTime pts = GST_CLOCK_TIME_NONE) {
    return gst_harness_push(harness_.get(), frame(id, action, pts));
  }
  GstBuffer* frame(const char* id, const char* action = "encode", GstClockTime pts = GST_CLOCK_TIME_NONE) {
    GstBuffer* buffer = gst_harness_create_buffer(harness_.get(), 256);
    GST_BUFFER_PTS(buffer) = pts;
    if (id)
      gst_structure_set(gst_steg_meta_ensure(buffer, GST_STEG_MARK_META_NAME), "id", G_TYPE_STRING, id, "epoch",
                        G_TYPE_UINT, 3U, "key-fingerprint", G_TYPE_STRING, "0123456789abcdef", "model-fingerprint",
                        G_TYPE_STRING, "fedcba9876543210", "action", G_TYPE_STRING, action, nullptr);
    return buffer;
  }

  guint64 stat(const char* field) const {
    const Ptr<GstStructure> stats = all_stats();
    guint64 value = G_MAXUINT64;
    REQUIRE(gst_structure_get_uint64(stats.get(), field, &value));
    return value;
  }
  Ptr<GstStructure> all_stats() const {
    GstStructure* stats = nullptr;
    g_object_get(element_.get(), "stats", &stats, nullptr);
    return Ptr<GstStructure>(stats);
  }

  /// The next message of that type: its domain, code and text.
  struct Said {
    GQuark domain = 0;
    gint code = -1;
    std::string text;
  };
  Said said(GstMessageType type) {
    const Ptr<GstMessage> message(gst_bus_pop_filtered(bus_.get(), type));
    Said result;
    if (!message) return result;
    GError* error = nullptr;
    switch (type) {
      case GST_MESSAGE_ERROR:
        gst_message_parse_error(message.get(), &error, nullptr);
        break;
      case GST_MESSAGE_WARNING:
        gst_message_parse_warning(message.get(), &error, nullptr);
        break;
      default:
        gst_message_parse_info(message.get(), &error, nullptr);
        break;
    }
    const Ptr<GError> owner(error);
    result.domain = error->domain;
    result.code = error->code;
    result.text = error->message;
    return result;
  }

  Folder folder;

 private:
  Ptr<GstElement> element_;
  Ptr<GstBus> bus_;
  std::unique_ptr<GstHarness, TeardownHarness> harness_;
};

inline audit::ChainKey chain_key() { return audit::chain_key(steg::Key::from_hex(kKeyHex)); }

}  // namespace test
