// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>

#include "plugins/common/gststegmeta.h"
#include "plugins/steg/gststegdecode.h"
#include "plugins/steg/gststegencode.h"
#include "tests/catch/runner.hpp"

int main(int argc, char** argv) {
  gst_init(nullptr, nullptr);
  gst_steg_metas_register();
  GST_ELEMENT_REGISTER(stegencode, nullptr);
  GST_ELEMENT_REGISTER(stegdecode, nullptr);
  const int failed = run_tests(argc, argv);
  gst_deinit();
  return failed;
}
