// Once it runs, our own code allocates nothing for a frame. (GStreamer's metas and Torch's tensors are theirs.)
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>

#include "steg_harness.hpp"

namespace {

thread_local int allocations = 0;

void* allocate(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t bytes) { return allocate(bytes); }
void* operator new[](std::size_t bytes) { return allocate(bytes); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

using testing::Element;
using testing::make_frame;
using testing::Ptr;

namespace {

/// Allocations on this thread while a frame goes through.
int allocations_of(Element& element, Ptr<GstBuffer> buffer) {
  const int before = allocations;
  element.push(std::move(buffer));
  return allocations - before;
}

}  // namespace

TEST_CASE("Frames are marked without allocations") {
  for (const char* on_duplicate : {"repeat", "residual", "encode"}) {
    CAPTURE(on_duplicate);
    Element encode("stegencode", "id=alice epoch-period=0 on-duplicate=" + std::string(on_duplicate));
    // Of another size than the tests' usual, so that the residual is enlarged.
    encode.set_caps(testing::caps_of("I420", 400, 300));
    for (int i = 0; i < 20; ++i) {
      Ptr<GstBuffer> buffer = make_frame(i, "I420", 400, 300);
      const auto sequence = static_cast<guint64>(i + 1);
      testing::set_difference(buffer.get(), i % 3 != 0, sequence, sequence - static_cast<guint64>(i % 3));
      const int count = allocations_of(encode, std::move(buffer));
      if (i >= 6) CHECK(count == 0);
    }
    CHECK(encode.stat("frames") == 20);
  }
}
