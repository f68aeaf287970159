// Drives one of the two elements with frames made here.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/check/gstharness.h>
#include <gst/gst.h>
#include <gst/video/video.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "plugins/common/crypto/key.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "plugins/steg/watermark/reading.hpp"

namespace testing {

using gststeg::Ptr;

inline constexpr int kWidth = 288;  // the grid of this size has one cell a pixel
inline constexpr int kHeight = 216;
inline constexpr GstClockTime kFrame = 40 * GST_MSECOND;
inline constexpr char kKeyHex[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// A file that exists as long as this.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string caps_of(const std::string& format = "I420", int width = kWidth, int height = kHeight,
                    const std::string& framerate = "25/1");

/// A frame number of a slowly changing picture without a mark, at index x kFrame.
Ptr<GstBuffer> make_frame(int index, const std::string& format = "I420", int width = kWidth, int height = kHeight);

/// Sets all samples of a component to 8-bit levels; those of 10 bits to a quarter of a level more.
void fill_component(GstBuffer* buffer, const GstVideoInfo& info, guint component,
                    const std::function<int(int x, int y)>& level);

/// Attaches what framediff would.
void set_difference(GstBuffer* buffer, bool duplicate, guint64 sequence, guint64 reference);

struct MarkMeta {
  std::string id;
  guint epoch;
  std::string key_fingerprint;
  std::string model_fingerprint;
  std::string action;
};
std::optional<MarkMeta> mark_of(GstBuffer* buffer);

std::vector<std::uint8_t> bytes_of(GstBuffer* buffer);
/// The luma plane of an I420 frame, rows without padding.
std::vector<std::uint8_t> luma_of(GstBuffer* buffer, int width = kWidth, int height = kHeight);

/// What a frame reads as under the key, blindly: an ID or the name of a segment; empty if nothing.
std::string read_id(GstBuffer* buffer, const steg::Key& key, int width = kWidth, int height = kHeight);

/// What came out of an element, in order: "buffer", or the name of an event ("force-key-unit", "caps", …).
class Record {
 public:
  /// Room enough that recording allocates nothing: a test counts the element's allocations.
  Record() { all_.reserve(256); }
  void add(const std::string& what);
  std::vector<std::string> all() const;
  int count(const std::string& what) const;

 private:
  mutable std::mutex lock_;
  std::vector<std::string> all_;
};

class Element {
 public:
  /// `caps` are pushed at once unless empty. Without a key-file among the properties the tests' key file is used.
  Element(const std::string& factory, const std::string& properties, const std::string& caps = caps_of());

  GstHarness* harness() { return harness_.get(); }
  GstElement* get() { return element_.get(); }
  Record& record() { return record_; }

  void set_caps(const std::string& caps);
  GstFlowReturn push(Ptr<GstBuffer> buffer) { return gst_harness_push(harness_.get(), buffer.release()); }
  /// Pushes a frame that must pass, and what came out.
  Ptr<GstBuffer> pass(Ptr<GstBuffer> buffer);
  /// Nothing if no message of that type (and, for element messages, of that name) is waiting. Drops those before.
  Ptr<GstMessage> message(GstMessageType type, const std::string& name = {});
  /// An element message of that name, which must come within a minute.
  Ptr<GstMessage> wait_for_message(const std::string& name);
  /// Text of the error that is waiting, which must be the only one.
  std::string only_error(GQuark domain, gint code);
  Ptr<GstStructure> stats() const;
  guint64 stat(const char* field) const;

 private:
  struct Teardown {
    void operator()(GstHarness* harness) const { gst_harness_teardown(harness); }
  };
  TemporaryFile key_file_;
  TemporaryFile model_;
  Record record_;
  std::unique_ptr<GstHarness, Teardown> harness_;
  Ptr<GstElement> element_;
  Ptr<GstBus> bus_;
};

steg::Key test_key();

}  // namespace testing
