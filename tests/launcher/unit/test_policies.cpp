// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <vector>

#include "launcher/retry/backoff.hpp"
#include "launcher/retry/restart_policy.hpp"
#include "launcher/stream/picture_pause.hpp"
#include "launcher/stream/rate_policy.hpp"
#include "launcher/stream/segment_clock.hpp"
#include "launcher/stream/source_patience.hpp"
#include "launcher/stream/told_rate.hpp"

using namespace launcher;

TEST_CASE("delays double up to the maximum, with jitter", "[backoff]") {
  Backoff backoff(Seconds(0.25), Seconds(4), 1);
  const double bounds[] = {0.5, 1, 2, 4, 4, 4};
  for (const double bound : bounds) {
    const double delay = backoff.next().count();
    CHECK(delay >= bound / 2);
    CHECK(delay <= bound);
  }
  backoff.reset();
  CHECK(backoff.next() <= Seconds(0.5));
  backoff.reset();
  CHECK(backoff.next() >= Seconds(0.25));
}

TEST_CASE("launchers that start together do not stay together", "[backoff]") {
  std::set<double> delays;
  for (std::uint32_t seed = 0; seed < 20; ++seed) delays.insert(Backoff(Seconds(1), Seconds(4), seed).next().count());
  CHECK(delays.size() == 20);
}

TEST_CASE("what may pass is tried again, what cannot is not", "[restart]") {
  const auto permanent = [](Place place, ErrorDomain domain, bool needs_people) {
    return is_permanent({place, domain, needs_people, "x"});
  };
  // A server that refuses, disappears or does not have the stream.
  CHECK_FALSE(permanent(Place::network_end, ErrorDomain::resource, false));
  CHECK_FALSE(permanent(Place::network_end, ErrorDomain::resource, true));
  CHECK_FALSE(permanent(Place::network_end, ErrorDomain::stream, false));
  CHECK(permanent(Place::network_end, ErrorDomain::core, true));
  // Damaged data, a database that is down; then a bad setting or key file.
  CHECK_FALSE(permanent(Place::filter, ErrorDomain::stream, false));
  CHECK_FALSE(permanent(Place::filter, ErrorDomain::core, false));
  CHECK_FALSE(permanent(Place::filter, ErrorDomain::resource, false));
  CHECK(permanent(Place::filter, ErrorDomain::resource, true));
  CHECK(permanent(Place::filter, ErrorDomain::library, false));
  CHECK(permanent(Place::filter, ErrorDomain::core, true));
  CHECK(permanent(Place::local_end, ErrorDomain::resource, false));
  CHECK(permanent(Place::description, ErrorDomain::core, false));
}

TEST_CASE("settings decide", "[restart]") {
  const Failure passing{Place::network_end, ErrorDomain::resource, false, "x"};
  const Failure lasting{Place::filter, ErrorDomain::resource, true, "x"};
  RestartSettings settings;
  CHECK(after_end(settings) == Verdict::finish);
  CHECK(after_failure(settings, passing, Seconds(0)) == Verdict::give_up);
  settings.on_eos = OnEnd::restart;
  settings.on_error = OnEnd::restart;
  CHECK(after_end(settings) == Verdict::retry);
  CHECK(after_failure(settings, passing, Seconds(1e6)) == Verdict::retry);
  CHECK(after_failure(settings, lasting, Seconds(0)) == Verdict::give_up);
  settings.give_up_after = Seconds(10);
  CHECK(after_failure(settings, passing, Seconds(9)) == Verdict::retry);
  CHECK(after_failure(settings, passing, Seconds(10)) == Verdict::give_up);
}

TEST_CASE("a key frame every two seconds at any frame rate", "[rate]") {
  for (const double rate : {15.0, 23.976, 25.0, 29.97, 30.0, 50.0, 59.94, 60.0}) {
    KeyFrameSchedule schedule(2'000'000'000);
    std::vector<int> keys;
    for (int frame = 0; frame < 1000; ++frame) {
      const auto timestamp = static_cast<std::int64_t>(frame * 1e9 / rate);
      if (schedule.due(timestamp) || frame == 0) keys.push_back(frame);
    }
    INFO("rate " << rate);
    REQUIRE(keys.size() > 5);
    const int interval = static_cast<int>(std::lround(2 * rate));
    for (std::size_t i = 1; i < keys.size(); ++i) CHECK(std::abs(keys[i] - keys[i - 1] - interval) <= 1);
    // The rounding must not add up.
    CHECK(std::abs(keys.back() - keys.front() -
                   static_cast<int>(std::lround(2 * rate * static_cast<double>(keys.size() - 1)))) <=
          static_cast<int>(keys.size()));
  }
}

TEST_CASE("a rate that changes in mid-stream keeps the interval", "[rate]") {
  KeyFrameSchedule schedule(2'000'000'000);
  std::int64_t timestamp = 0;
  std::int64_t last = 0;
  for (int frame = 0; frame < 2000; ++frame) {
    if (schedule.due(timestamp)) {
      CHECK(std::abs(static_cast<double>(timestamp - last) - 2e9) <= 70e6);
      last = timestamp;
    }
    timestamp += frame < 500 ? 33'366'667 : frame < 1000 ? 16'683'333 : 66'733'333;
  }
  CHECK(last > 0);
}

TEST_CASE("key frames that others asked for count", "[rate]") {
  KeyFrameSchedule schedule(2'000'000'000);
  std::vector<std::int64_t> keys;
  for (std::int64_t timestamp = 0; timestamp <= 6'000'000'000; timestamp += 100'000'000) {
    if (schedule.due(timestamp)) keys.push_back(timestamp);
    if (timestamp == 1'500'000'000) schedule.key_frame(timestamp);
  }
  CHECK(keys == std::vector<std::int64_t>{3'500'000'000, 5'500'000'000});
}

TEST_CASE("timestamps that go back ask for a key frame at once", "[rate]") {
  KeyFrameSchedule schedule(2'000'000'000);
  CHECK_FALSE(schedule.due(10'000'000'000));
  CHECK(schedule.due(0));
  CHECK_FALSE(schedule.due(1'000'000'000));
  CHECK(schedule.due(2'000'000'000));
}

TEST_CASE("bit rate and buffer follow the measured frame rate", "[rate]") {
  const RateCorrection doubled = correct_rate(2000, 600, 25, 50);
  CHECK(doubled.bitrate == 1000);
  CHECK(doubled.vbv_buffer == 1200);
  const RateCorrection same = correct_rate(2000, 600, 30, 30);
  CHECK(same.bitrate == 2000);
  CHECK(same.vbv_buffer == 600);
  CHECK(correct_rate(2000, 600, 0, 30).bitrate == 2000);
  CHECK(correct_rate(2000, 600, 30, 0).bitrate == 2000);
  CHECK(correct_rate(2000, 600, 30, std::nan("")).bitrate == 2000);
  CHECK(correct_rate(1, 600, 1, 1000).bitrate == 1);
}

TEST_CASE("a stream that is not there is looked for often, and now and then for long") {
  std::vector<double> waits;
  for (unsigned tries = 0; tries < 8; ++tries) waits.push_back(SourcePatience::first_limit(Seconds(3), tries).count());
  CHECK(waits == std::vector<double>{3, 3, 3, 12, 3, 3, 3, 12});
}

TEST_CASE("a slow source is given longer than a steady one") {
  const Seconds idle{3};
  SourcePatience unknown;
  CHECK(unknown.limit(idle) == Seconds(12));
  SourcePatience steady;
  for (int i = 0; i < 100; ++i) steady.data(Seconds(i * 0.03125));
  CHECK(steady.limit(idle) == idle);
  SourcePatience slow;
  for (int i = 0; i < 100; ++i) slow.data(Seconds(i * 5));
  CHECK(slow.limit(idle) == Seconds(15));
  for (int i = 0; i < 100; ++i) slow.data(Seconds(495 + i * 0.03125));
  CHECK(slow.limit(idle) == idle);
}

namespace {

constexpr std::int64_t kMillisecond = 1'000'000;

/// Pictures and sound from 0 to `end` ms, all of which reach the encoder at once.
void run_steadily(PicturePause& pause, std::int64_t end) {
  for (std::int64_t time = 0; time <= end; time += 20) {
    pause.picture(time * kMillisecond);
    CHECK(pause.frame(time * kMillisecond, std::chrono::milliseconds(time)) == time * kMillisecond);
    CHECK_FALSE(pause.sound(time * kMillisecond, std::chrono::milliseconds(time)));
  }
}

}  // namespace

TEST_CASE("while only the picture pauses, the last frame is repeated five times a second", "[pause]") {
  PicturePause pause(Seconds(0.5));
  CHECK_FALSE(pause.sound(5000 * kMillisecond, Seconds(5)));
  run_steadily(pause, 1000);
  std::vector<std::int64_t> repeated;
  for (std::int64_t time = 1020; time <= 3000; time += 20) {
    if (pause.sound(time * kMillisecond, std::chrono::milliseconds(time))) repeated.push_back(time);
  }
  REQUIRE(repeated.size() == 8);
  for (std::size_t i = 0; i < repeated.size(); ++i) CHECK(repeated[i] == 1500 + 200 * static_cast<std::int64_t>(i));
  // A frame that the decoder kept back comes after the repeated ones, the next ones keep their times.
  CHECK(pause.frame(1020 * kMillisecond, Seconds(3.1)) == 2901 * kMillisecond);
  CHECK(pause.frame(1040 * kMillisecond, Seconds(3.1)) == 2902 * kMillisecond);
  CHECK(pause.frame(3100 * kMillisecond, Seconds(3.1)) == 3100 * kMillisecond);
  // Timestamps that go back are the source's own.
  CHECK(pause.frame(0, Seconds(3.2)) == 0);
}

TEST_CASE("what is under way, early or switched off is no pause of the picture", "[pause]") {
  PicturePause under_way(Seconds(0.5));
  run_steadily(under_way, 1000);
  under_way.picture(2900 * kMillisecond);
  CHECK_FALSE(under_way.sound(3000 * kMillisecond, Seconds(3)));
  PicturePause early(Seconds(0.5));
  run_steadily(early, 1000);
  CHECK_FALSE(early.sound(3000 * kMillisecond, Seconds(1.02)));
  PicturePause off(Seconds(0));
  run_steadily(off, 1000);
  CHECK_FALSE(off.sound(9000 * kMillisecond, Seconds(9)));
}

TEST_CASE("the level of H.264 follows from size and rate", "[rate]") {
  CHECK(h264_level(640, 360, 30) == 30);
  CHECK(h264_level(640, 360, 60) == 31);
  CHECK(h264_level(640, 360, 1000) == 51);
  CHECK(h264_level(1280, 720, 30) == 31);
  CHECK(h264_level(1280, 720, 60) == 32);
  CHECK(h264_level(1920, 1080, 60) == 42);
  CHECK(h264_level(7680, 4320, 120) == 52);
}

TEST_CASE("the encoder is told the rate that gives the right level", "[rate]") {
  ToldRate early;
  CHECK_FALSE(early.measure(30));
  CHECK(early.declare(640, 360, 1000) == 30);

  // What no camera has, and what is not known, is a usual rate until it is measured.
  ToldRate absurd;
  CHECK(absurd.declare(640, 360, 1000) == 30);
  CHECK_FALSE(absurd.measure(24));
  CHECK(absurd.told() == 30);
  ToldRate unknown;
  CHECK(unknown.declare(640, 360, 0) == 30);
  CHECK(unknown.measure(60));
  CHECK(unknown.told() == 60);
  CHECK(unknown.declare(1280, 720, 0) == 60);

  // A plausible one holds where the level is the same.
  ToldRate wrong;
  CHECK(wrong.declare(1280, 720, 60) == 60);
  CHECK(wrong.measure(30));
  CHECK(wrong.told() == 30);
  CHECK_FALSE(wrong.measure(29));
  CHECK(wrong.measure(50));
  CHECK(wrong.told() == 60);
  // Down again only once.
  CHECK_FALSE(wrong.measure(25));
  CHECK(wrong.told() == 60);
}

TEST_CASE("a frame belongs to the segment at whose border it stands, and the next one begins a little early",
          "[segments]") {
  constexpr std::uint64_t kSecond = 1000000000;
  const SegmentClock clock{2 * kSecond, 900000100};
  CHECK(clock.position(0) == 900000100);
  CHECK(clock.position(kSecond) == 900000100);
  CHECK(clock.position(2 * kSecond - 20000000) == 900000101);
  CHECK(clock.position(2 * kSecond) == 900000101);
  CHECK(clock.position(7 * kSecond) == 900000103);
  // The frame that is named after a position never asks for a border that is past.
  for (std::uint64_t time = 0; time < 10 * kSecond; time += 33333333) {
    CHECK(clock.next(time) > time);
    CHECK(clock.position(clock.next(time)) == clock.position(time) + 1);
    CHECK(clock.position(clock.next(time) - 1) == clock.position(time));
  }
}
