// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <vector>

#include "launcher/retry/backoff.hpp"
#include "launcher/retry/restart_policy.hpp"
#include "launcher/stream/rate_policy.hpp"
#include "launcher/stream/source_patience.hpp"

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
