// A copy as steg-trace reads it, with arithmetic in place of the networks. The seeds come from make_media.sh.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>

#include <algorithm>

#include "fuzz.hpp"
#include "launcher/trace/evidence_file.hpp"
#include "launcher/trace/tracer.hpp"
#include "temporary_folder.hpp"

namespace {

class PlainExtractor : public steg::Extractor {
 public:
  steg::Contract contract() const override { return {2, steg::kLumaOnly}; }
  void field(const float* cells, steg::GridSize size, float* field) override {
    std::copy(cells, cells + size.cells(), field);
  }
  void field_on_one_thread(const float* cells, steg::GridSize size, float* field_out) override {
    field(cells, size, field_out);
  }
  std::string fingerprint() const override { return "0123456789abcdef"; }
};

}  // namespace

fuzz::Target fuzz::media() {
  gst_init(nullptr, nullptr);
  return {"media",
          {},
          {"moov", "mdat", "trak", "stsd", "stsz", "stco", "elst", "avcC", "IHDR", "IDAT", "RIFF", "strf", "FRAME\n",
           "\x1a\x45\xdf\xa3", std::string("\0\0\1", 3), std::string("\0\0\0\1", 4), "#EXTM3U\n", "<svg",
           "http://127.0.0.1:9/"},
          2000000,
          [folder = std::make_shared<TemporaryFolder>()](const std::string& input) {
            const std::string path = folder->write("copy", input);
            trace::Extractors extractors({"plain"},
                                         [](const std::string&) { return std::make_unique<PlainExtractor>(); });
            trace::TraceOptions options;
            options.max_pixels = 1000000;
            options.search = false;  // it takes seconds, and knows pixels only
            const trace::FileTrace traced = trace::trace_file(path, steg::Key::public_default(), extractors, options);
            require(traced.segments.empty(), "nothing is found where nothing was marked");
            require(!traced.error.empty() || traced.width > 0, "a copy is read, or it is said why not");
            trace::evidence_file(path);
          }};
}
