// Whatever happens, the database says of every frame what its mark said.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <map>
#include <random>

#include "audit_query.hpp"
#include "auditlog_harness.hpp"
#include "postgres_server.hpp"
#include "verify_chain.hpp"

using test::eventually;
using test::Fixture;

namespace {

struct Counts {
  std::int64_t encoded = 0, repeated = 0, residual = 0;
  std::int64_t first_pts = 0, last_pts = 0;
  bool operator==(const Counts& other) const {
    return encoded == other.encoded && repeated == other.repeated && residual == other.residual &&
           first_pts == other.first_pts && last_pts == other.last_pts;
  }
};
using Key = std::array<std::string, 3>;  ///< session, ID, address
using Log = std::map<Key, Counts>;

/// What the database says. A run over the end of a minute is two rows there.
Log logged(const std::string& uri) {
  Log log;
  audit::Query query;
  query.most = audit::kAllRows;
  for (const audit::AuditRow& row : audit::find(uri, query)) {
    CHECK(row.intervals_open == 0);
    const auto [place, added] = log.try_emplace(Key{row.session, row.id, row.client_ip});
    Counts& counts = place->second;
    counts.encoded += row.encoded;
    counts.repeated += row.repeated;
    counts.residual += row.residual;
    counts.first_pts = added ? *row.first_pts : std::min(counts.first_pts, *row.first_pts);
    counts.last_pts = std::max(counts.last_pts, *row.last_pts);
  }
  return log;
}

}  // namespace

TEST_CASE("random changes of ID and address, restarts and outages: the log is what the marks were") {
  test::PostgresServer server;
  Fixture element;
  element.set("database", server.uri());
  element.set("spool", element.folder / "spool");
  element.set("client-ip", "a");
  std::mt19937 random(20261122);
  const auto chance = [&](unsigned one_in) { return random() % one_in == 0; };
  static constexpr const char* kActions[] = {"encode", "repeat", "residual"};
  Log expected;
  std::string id = "id0";
  std::string address = "a";
  std::string session;
  std::int64_t pts = 0;
  bool down = false;
  GstHarness* harness = nullptr;
  const auto play = [&] {
    harness = element.play();
    session = gst_structure_get_string(element.all_stats().get(), "session");
  };
  play();
  for (int i = 0; i < 4000; ++i) {
    // IDs and addresses come back, also those with hostile text.
    if (chance(5)) id = "id" + std::to_string(random() % 7) + (chance(3) ? "';--\n" : "");
    if (chance(20)) element.set("client-ip", address = std::string(1, static_cast<char>('a' + random() % 3)));
    if (chance(400)) {
      element.stop();
      play();
    }
    if (chance(700)) {
      down ? server.start() : random() % 2 ? server.stop() : server.kill();
      down = !down;
    }
    pts += 40;
    const char* action = kActions[random() % 3];
    REQUIRE(element.push(id.c_str(), action, static_cast<GstClockTime>(pts)) == GST_FLOW_OK);
    if (GstBuffer* out = gst_harness_try_pull(harness)) gst_buffer_unref(out);
    const auto [place, added] = expected.try_emplace(Key{session, id, address});
    Counts& counts = place->second;
    (action == kActions[0] ? counts.encoded : action == kActions[1] ? counts.repeated : counts.residual) += 1;
    if (added) counts.first_pts = pts;
    counts.last_pts = pts;
  }
  if (down) server.start();
  element.stop();
  // What waits in the spool is written by the next start.
  play();
  REQUIRE(eventually([&] { return element.stat("pending") == 0; }));
  element.stop();
  const Log found = logged(server.uri());
  CHECK(found.size() == expected.size());
  CHECK(found == expected);
  CHECK(audit::verify_chain(server.uri(), "default", {test::chain_key()}).intact());
}
