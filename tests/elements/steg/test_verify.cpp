// stegencode reads its own output back: verify-interval.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "fake_model.hpp"
#include "steg_harness.hpp"

using testing::Element;
using testing::make_frame;
using testing::Ptr;

namespace {

struct Models {
  std::string properties() const { return "model=" + encoder.path() + " verify-model=" + extractor.path(); }
  testing::TemporaryFile encoder{fake::kEncoder};
  testing::TemporaryFile extractor{fake::kExtractor};
};

/// Pushes frames until the element has read back `wanted`; false after very many.
bool verify(Element& encode, int& index, guint64 wanted) {
  for (int i = 0; i < 10000; ++i) {
    encode.pass(make_frame(index++));
    if (encode.stat("verified") >= wanted) return true;
    g_usleep(1000);
  }
  return false;
}

double margin_of(const GstMessage* message) {
  double margin = 0;
  CHECK(gst_structure_get_double(gst_message_get_structure(const_cast<GstMessage*>(message)), "margin", &margin));
  return margin;
}

bool truth(const GstMessage* message, const char* name) {
  gboolean value = FALSE;
  CHECK(gst_structure_get_boolean(gst_message_get_structure(const_cast<GstMessage*>(message)), name, &value));
  return value != FALSE;
}

}  // namespace

TEST_CASE("the output is read back, and its margin told") {
  const Models models;
  Element encode("stegencode", "id=alice verify-interval=1 " + models.properties());
  int index = 0;
  REQUIRE(verify(encode, index, 2));
  const Ptr<GstMessage> first = encode.message(GST_MESSAGE_ELEMENT, "steg-verified");
  REQUIRE(first);
  CHECK(gst_structure_get_string(gst_message_get_structure(first.get()), "id") == std::string("alice"));
  CHECK(truth(first.get(), "proven"));
  CHECK(truth(first.get(), "blind"));
  CHECK(margin_of(first.get()) > 0);
  CHECK(encode.stat("verify-failed") == 0);
  double worst = -1;
  REQUIRE(gst_structure_get_double(encode.stats().get(), "verify-worst-margin", &worst));
  CHECK(worst > 0);

  // A mark too faint to be read from one frame.
  g_object_set(encode.get(), "strength", 0.05F, nullptr);
  REQUIRE(verify(encode, index, encode.stat("verified") + 3));
  CHECK(encode.stat("verify-failed") > 0);
  double margin = 1;
  REQUIRE(gst_structure_get_double(encode.stats().get(), "verify-margin", &margin));
  CHECK(margin < 0);
}

TEST_CASE("verify-interval is kept, and 0 reads nothing") {
  const Models models;
  Element encode("stegencode", "id=alice verify-interval=3600000000000 " + models.properties());
  int index = 0;
  REQUIRE(verify(encode, index, 1));
  for (int i = 0; i < 50; ++i) encode.pass(make_frame(index++));
  CHECK(encode.stat("verified") == 1);

  Element silent("stegencode", "id=alice");
  for (int i = 0; i < 5; ++i) silent.pass(make_frame(i));
  CHECK(silent.stat("verified") == 0);
}
