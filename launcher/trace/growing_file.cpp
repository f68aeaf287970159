// SPDX-License-Identifier: LGPL-2.1-or-later
#include "growing_file.hpp"

#include <gst/app/gstappsrc.h>

#include <chrono>
#include <thread>
#include <vector>

#include "media_reader.hpp"

namespace trace {
namespace {

constexpr std::size_t kMostBytes = 65536;
/// Inotify would say when there is more, but not over a network's file systems.
constexpr std::chrono::milliseconds kBetweenLooks{200};

}  // namespace

GrowingFile::GrowingFile(const std::string& path, double patience)
    : file_(std::fopen(path.c_str(), "rb")), patience_(patience) {
  if (!file_) throw MediaError("The file cannot be opened. Check the path, and that you may read it.");
}

void GrowingFile::feed(GstElement* source) { g_signal_connect(source, "need-data", G_CALLBACK(on_need_data), this); }

GstBuffer* GrowingFile::next() {
  std::vector<char> bytes(kMostBytes);
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(patience_);
  while (!stopped_) {
    std::clearerr(file_.get());
    const std::size_t size = std::fread(bytes.data(), 1, bytes.size(), file_.get());
    if (size > 0) return gst_buffer_new_memdup(bytes.data(), size);
    if (std::chrono::steady_clock::now() >= end) break;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  return nullptr;
}

void GrowingFile::on_need_data(GstElement* source, guint, gpointer data) {
  GstBuffer* bytes = static_cast<GrowingFile*>(data)->next();
  if (bytes)
    gst_app_src_push_buffer(GST_APP_SRC(source), bytes);
  else
    gst_app_src_end_of_stream(GST_APP_SRC(source));
}

}  // namespace trace
