// main() under GStreamer, for tests of elements.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>

#include "runner.hpp"

int main(int argc, char** argv) {
  gst_init(nullptr, nullptr);
  const int failed = run_tests(argc, argv);
  gst_deinit();  // where GST_TRACERS=leaks reports
  return failed;
}
