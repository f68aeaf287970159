// An application that changes the ID while frames flow.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <atomic>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "fake_model.hpp"
#include "steg_harness.hpp"

using testing::Element;
using testing::make_frame;
using testing::mark_of;
using testing::Ptr;

TEST_CASE("1000 IDs from other threads while frames flow") {
  Element encode("stegencode", "id=start epoch-period=40000000");
  encode.pass(make_frame(0));
  fake::overlapped = false;
  std::atomic<bool> done{false};
  const auto set_ids = [&](char letter) {
    for (int i = 0; i < 500; ++i) {
      const std::string id = letter + std::to_string(i);
      g_object_set(encode.get(), "id", id.c_str(), "strength", i % 2 ? 1.0F : 2.0F, nullptr);
      const Ptr<GstStructure> stats = encode.stats();
    }
  };
  std::thread setters([&] {
    std::thread other(set_ids, 'a');
    set_ids('b');
    other.join();
    done = true;
  });
  std::set<std::string> seen;
  int index = 1;
  int wrong = 0;
  while (!done) {
    const Ptr<GstBuffer> marked = encode.pass(make_frame(index++));
    const auto meta = mark_of(marked.get());
    if (!meta || meta->id.empty()) ++wrong;
    if (meta && seen.insert(meta->id).second && testing::read_id(marked.get(), testing::test_key()) != meta->id)
      ++wrong;
  }
  setters.join();
  CHECK(wrong == 0);
  CHECK_FALSE(fake::overlapped);
  const Ptr<GstBuffer> last = encode.pass(make_frame(index));
  gchar* raw = nullptr;
  g_object_get(encode.get(), "id", &raw, nullptr);
  const Ptr<gchar> id(raw);
  CHECK(mark_of(last.get())->id == id.get());
}

TEST_CASE("an ID set while the element stops and starts") {
  Element encode("stegencode", "id=start");
  std::atomic<bool> done{false};
  std::atomic<int> restarts{0};
  std::string last;
  std::thread setter([&] {
    // However fast either is, some are set before, within and after a restart.
    for (int i = 0; i < 200 || restarts < 3; ++i) {
      last = std::to_string(i % 1000000);
      g_object_set(encode.get(), "id", last.c_str(), nullptr);
    }
    done = true;
  });
  while (!done) {
    CHECK(gst_element_set_state(encode.get(), GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS);
    CHECK(gst_element_set_state(encode.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_SUCCESS);
    ++restarts;
  }
  setter.join();
  gchar* raw = nullptr;
  g_object_get(encode.get(), "id", &raw, nullptr);
  const Ptr<gchar> id(raw);
  CHECK(std::string(id.get()) == last);
}
