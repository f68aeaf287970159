// Recipients of the same picture look at it once, and never at another one.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "plugins/steg/marking/look_sharing.hpp"

using steg::LookSharer;
using steg::PictureIdentity;
using steg::PictureLook;

namespace {

const steg::PictureShape kShape{64, 64, 0, 0};

/// Memory for one picture, with those who have it counted, as GStreamer does.
struct Memory {
  std::atomic<int> holders{0};
  int content = 0;
};

class Held final : public steg::HeldPicture {
 public:
  explicit Held(Memory& memory) : memory_(memory) { ++memory_.holders; }
  ~Held() override { --memory_.holders; }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  bool wanted() const override { return memory_.holders > 1; }

 private:
  Memory& memory_;
};

PictureIdentity identity_of(const Memory& memory) {
  PictureIdentity identity;
  identity.memories[0] = &memory;
  identity.strides[0] = 64;
  return identity;
}

std::shared_ptr<PictureLook> take(LookSharer& sharer, Memory& memory) {
  return sharer.take(identity_of(memory), std::make_unique<Held>(memory));
}

float look_at(PictureLook& look, const Memory& memory, std::atomic<int>& made) {
  return *look.cells(1, [&](float* cells) {
    ++made;
    *cells = static_cast<float>(memory.content);
  });
}

}  // namespace

TEST_CASE("one who marks alone shares nothing and holds nothing") {
  Memory memory;
  LookSharer alone("network", kShape);
  ++memory.holders;
  CHECK_FALSE(take(alone, memory));
  CHECK(memory.holders == 1);
}

TEST_CASE("only the same picture, network and shape share a look") {
  std::array<Memory, 2> memories;
  LookSharer alice("network", kShape);
  LookSharer bob("network", kShape);
  LookSharer other_network("other", kShape);
  LookSharer other_shape("network", {64, 66, 0, 0});
  for (Memory& memory : memories) memory.holders = 4;
  const auto look = take(alice, memories[0]);
  REQUIRE(look);
  CHECK(take(bob, memories[1]) != look);
  CHECK_FALSE(take(other_network, memories[0]));
  CHECK_FALSE(take(other_shape, memories[0]));
  PictureIdentity cropped = identity_of(memories[0]);
  cropped.offsets[0] = 1;
  CHECK(bob.take(cropped, std::make_unique<Held>(memories[0])) != look);
  PictureIdentity field = identity_of(memories[0]);
  field.strides[0] = 128;
  CHECK(bob.take(field, std::make_unique<Held>(memories[0])) != look);
  CHECK(take(bob, memories[0]) == look);
}

TEST_CASE("a picture is let go of once all took it, nobody else has it, or the others left") {
  Memory memory;
  Memory next;
  LookSharer alice("network", kShape);
  auto bob = std::make_unique<LookSharer>("network", kShape);
  memory.holders = 2;
  take(alice, memory);
  CHECK(memory.holders == 3);
  SECTION("all took it") {
    take(*bob, memory);
    CHECK(memory.holders == 2);
  }
  SECTION("nobody else has it") {
    memory.holders -= 2;
    next.holders = 2;
    take(alice, next);
    CHECK(memory.holders == 0);
    memory.holders = 2;
    memory.content = 1;
    CHECK(take(*bob, memory));
  }
  SECTION("the others left") {
    bob.reset();
    CHECK(memory.holders == 2);
  }
}

TEST_CASE("memory that is used again is looked at again") {
  Memory memory;
  LookSharer alice("network", kShape);
  LookSharer bob("network", kShape);
  std::atomic<int> made{0};
  for (memory.content = 0; memory.content < 10; ++memory.content) {
    memory.holders += 2;
    CHECK(look_at(*take(alice, memory), memory, made) == static_cast<float>(memory.content));
    if (memory.content % 2 == 0) CHECK(look_at(*take(bob, memory), memory, made) == static_cast<float>(memory.content));
    memory.holders -= 2;
    // What bob left out is held until the next look at anything.
    Memory other;
    other.holders = 1;
    take(alice, other);
    take(bob, other);
    REQUIRE(memory.holders == 0);
  }
  CHECK(made == 10);
}

TEST_CASE("few pictures are held, however many others hold") {
  std::array<Memory, 50> memories;
  LookSharer alice("network", kShape);
  LookSharer bob("network", kShape);
  for (Memory& memory : memories) {
    memory.holders = 2;
    take(alice, memory);
  }
  const auto held = std::count_if(memories.begin(), memories.end(), [](const Memory& one) { return one.holders > 2; });
  CHECK(held == static_cast<long>(LookSharer::kMostPictures));
  // Who comes late looks for himself.
  std::atomic<int> made{0};
  memories[0].content = 7;
  CHECK(look_at(*take(bob, memories[0]), memories[0], made) == 7.0F);
  CHECK(made == 1);
}

TEST_CASE("threads that mark the same pictures look at each once, and at no other") {
  constexpr int kThreads = 5;
  constexpr int kPictures = 2000;
  constexpr std::size_t kMemories = 3;  // fewer than are held at most: each is used again and again
  std::array<Memory, kMemories> memories;
  Memory spare;
  std::vector<std::atomic<Memory*>> shown(kPictures);
  std::atomic<int> made{0};
  std::atomic<int> wrong{0};
  const bool skips = GENERATE(false, true);
  std::vector<std::unique_ptr<LookSharer>> sharers;
  for (int t = 0; t < kThreads; ++t) sharers.push_back(std::make_unique<LookSharer>("network", kShape));
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kPictures; ++i) {
        while (!shown[static_cast<std::size_t>(i)]) std::this_thread::yield();
        Memory& memory = *shown[static_cast<std::size_t>(i)];
        // As after a leaky queue; the last thread takes all, so that nothing is held for long.
        if (!skips || t == kThreads - 1 || (i + t) % 3 != 0) {
          const auto look = take(*sharers[static_cast<std::size_t>(t)], memory);
          if (!look || look_at(*look, memory, made) != static_cast<float>(i)) ++wrong;
        }
        --memory.holders;
      }
    });
  }
  for (int i = 0; i < kPictures; ++i) {
    Memory* free = nullptr;
    while (!free) {
      for (Memory& memory : memories)
        if (memory.holders == 0) free = &memory;
      if (!free) std::this_thread::yield();
      // Pictures go on in other streams, too, and each looks for what nobody else has.
      if (!free && skips) {
        spare.holders = 1;
        LookSharer visitor("network", kShape);
        take(visitor, spare);
      }
    }
    free->content = i;
    free->holders += kThreads;
    shown[static_cast<std::size_t>(i)] = free;
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(made >= kPictures);
  if (!skips) CHECK(made == kPictures);
}

TEST_CASE("a look that fails is tried by each for himself") {
  PictureLook look;
  const auto fail = [](float*) { throw std::runtime_error("no"); };
  CHECK_THROWS(look.cells(1, fail));
  CHECK_THROWS(look.cells(1, fail));
  CHECK(*look.cells(1, [](float* cells) { *cells = 3; }) == 3.0F);
  const auto fail_context = [](std::unique_ptr<steg::Context>&) { throw std::runtime_error("no"); };
  CHECK_THROWS(look.context(fail_context));
  CHECK_NOTHROW(look.context([](std::unique_ptr<steg::Context>& out) { out = std::make_unique<steg::Context>(); }));
  CHECK_NOTHROW(look.context(fail_context));
}
