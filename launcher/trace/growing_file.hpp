// A file that somebody is still writing.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <string>

#include "file_closer.hpp"

namespace trace {

/// Hands a file to an appsrc as it grows. Must outlive the element's pipeline, which stop() lets end.
class GrowingFile {
 public:
  /// `patience`: the file has ended when it has not grown for so many seconds. Throws MediaError if it cannot be
  /// opened.
  GrowingFile(const std::string& path, double patience);

  /// Call once, with the appsrc.
  void feed(GstElement* source);
  /// Ends the wait for more. Before the pipeline is set to NULL, from any thread.
  void stop() { stopped_ = true; }

 private:
  static void on_need_data(GstElement* source, guint, gpointer data);
  /// The next bytes; null at the end.
  GstBuffer* next();

  std::unique_ptr<std::FILE, FileCloser> file_;
  double patience_;
  std::atomic<bool> stopped_{false};
};

}  // namespace trace
