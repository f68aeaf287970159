// Catch2 under GStreamer, for tests of elements: compiled once for all of them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#define CATCH_CONFIG_RUNNER
#include <gst/gst.h>

#include <catch2/catch.hpp>

int main(int argc, char** argv) {
  gst_init(nullptr, nullptr);
  const int failed = Catch::Session().run(argc, argv);
  gst_deinit();  // where GST_TRACERS=leaks reports
  return failed;
}
