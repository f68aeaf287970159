// SPDX-License-Identifier: LGPL-2.1-or-later
#define CATCH_CONFIG_RUNNER
#include <gst/gst.h>

#include <catch2/catch.hpp>

#include "plugins/common/gststegmeta.h"
#include "plugins/steg/gststegdecode.h"
#include "plugins/steg/gststegencode.h"

int main(int argc, char** argv) {
  gst_init(nullptr, nullptr);
  gst_steg_metas_register();
  GST_ELEMENT_REGISTER(stegencode, nullptr);
  GST_ELEMENT_REGISTER(stegdecode, nullptr);
  const int failed = Catch::Session().run(argc, argv);
  gst_deinit();
  return failed;
}
