// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "launcher/trace/kinds_read.hpp"

using trace::may_read;

TEST_CASE("films and pictures are read") {
  for (const char* element : {"qtdemux", "matroskademux", "tsdemux", "flvdemux", "h264parse", "avdec_h264",
                              "avdec_h265", "vp9dec", "pngdec", "jpegdec", "webpdec", "avdec_bmp", "avdec_tiff"}) {
    CAPTURE(element);
    CHECK(may_read(element));
  }
}

TEST_CASE("what names other files or addresses, or is a program, is not read") {
  for (const char* element : {"hlsdemux",       "hlsdemux2",
                              "dashdemux",      "dashdemux2",
                              "mssdemux",       "mssdemux2",
                              "sdpdemux",       "sdpsrc",
                              "rsvgdec",        "gdkpixbufdec",
                              "rtspsrc",        "souphttpsrc",
                              "playbin",        "uridecodebin",
                              "multipartdemux", "subparse",
                              "ttmlparse",      "openmptdec",
                              "siddec",         "fluiddec",
                              "wildmididec",    "gmedec",
                              "aesdec",         "pcapparse",
                              "avdec_ansi",     "",
                              "avdec_h264x",    "dec"}) {
    CAPTURE(element);
    CHECK_FALSE(may_read(element));
  }
}
