// The element auditlog, driven by GstHarness.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/base/gstbasetransform.h>

#include <atomic>
#include <cstdlib>

#include "audit_query.hpp"
#include "auditlog_harness.hpp"
#include "connection.hpp"
#include "postgres_server.hpp"
#include "verify_chain.hpp"

using gststeg::Ptr;
using test::chain_key;
using test::eventually;
using test::Fixture;
using test::kKeyHex;
using test::threads;

TEST_CASE("frames pass untouched and are recorded by ID and address") {
  Fixture log;
  log.set("client-ip", "192.0.2.7");
  log.set("stream", "live/one");
  GstHarness* harness = log.play();
  GstBuffer* first = log.frame("alice", "encode", 40 * GST_MSECOND);
  const Ptr<GstBuffer> same(gst_buffer_ref(first));
  REQUIRE(gst_harness_push(harness, first) == GST_FLOW_OK);
  const Ptr<GstBuffer> out(gst_harness_pull(harness));
  CHECK(out.get() == same.get());
  CHECK(log.push("alice", "repeat", 80 * GST_MSECOND) == GST_FLOW_OK);
  CHECK(log.push("alice", "residual", 120 * GST_MSECOND) == GST_FLOW_OK);
  CHECK(log.push("bob") == GST_FLOW_OK);
  log.set("client-ip", "198.51.100.1");
  CHECK(log.push("bob") == GST_FLOW_OK);
  CHECK(gst_harness_buffers_received(harness) == 5);
  REQUIRE(gst_harness_push_event(harness, gst_event_new_eos()));
  REQUIRE(eventually([&] { return log.stat("pending") == 0; }));
  CHECK(log.stat("frames") == 5);
  // Five, or more if the minute ended in the middle.
  const std::size_t records = log.stat("records");
  CHECK(records >= 3);
  CHECK(log.stat("written") == 2 * records);
  CHECK(log.stat("unmarked") == 0);
  CHECK(log.stat("failed") == 0);

  audit::AuditRow alice;
  for (const audit::AuditRow& row : audit::find_by_id(log.uri(), "alice")) {
    alice.client_ip = row.client_ip;
    alice.stream = row.stream;
    alice.key_fingerprint = row.key_fingerprint;
    alice.model_fingerprint = row.model_fingerprint;
    alice.encoded += row.encoded;
    alice.repeated += row.repeated;
    alice.residual += row.residual;
    alice.first_pts = row.first_pts;
    alice.intervals_open += row.intervals_open;
  }
  CHECK(alice.client_ip == "192.0.2.7");
  CHECK(alice.stream == "live/one");
  CHECK(alice.key_fingerprint == "0123456789abcdef");
  CHECK(alice.model_fingerprint == "fedcba9876543210");
  CHECK(alice.encoded == 1);
  CHECK(alice.repeated == 1);
  CHECK(alice.residual == 1);
  CHECK(alice.first_pts == 40000000);
  CHECK(alice.intervals_open == 0);
  const auto bob = audit::find_by_id(log.uri(), "bob");
  REQUIRE(bob.size() >= 2);
  CHECK(bob.front().client_ip == "198.51.100.1");
  CHECK(bob.back().client_ip == "192.0.2.7");
  CHECK_FALSE(bob.front().first_pts);
  CHECK(audit::verify_chain(log.uri(), "live/one", {chain_key()}).intact());
  log.stop();
  CHECK(log.said(GST_MESSAGE_ERROR).text.empty());
  CHECK(log.said(GST_MESSAGE_WARNING).text.empty());
}

TEST_CASE("frames without a mark are counted and warned of once") {
  Fixture log;
  GstHarness* harness = log.play();
  for (int i = 0; i < 3; ++i) CHECK(log.push(nullptr) == GST_FLOW_OK);
  // A mark without an ID is none.
  CHECK(log.push("") == GST_FLOW_OK);
  CHECK(log.push("alice") == GST_FLOW_OK);
  CHECK(gst_harness_buffers_received(harness) == 5);
  CHECK(log.stat("unmarked") == 4);
  CHECK(log.stat("frames") == 1);
  const auto warning = log.said(GST_MESSAGE_WARNING);
  CHECK(warning.domain == GST_STREAM_ERROR);
  CHECK(warning.code == GST_STREAM_ERROR_WRONG_TYPE);
  CHECK_THAT(warning.text, Catch::Contains("stegencode"));
  CHECK(log.said(GST_MESSAGE_WARNING).text.empty());
}

TEST_CASE("a mark with an unknown action is an error, and is not counted as another") {
  Fixture log;
  log.play();
  CHECK(log.push("alice", "encode") == GST_FLOW_OK);
  CHECK(log.push("alice", "copy") == GST_FLOW_ERROR);
  CHECK(log.push("alice", nullptr) == GST_FLOW_ERROR);
  CHECK(log.stat("frames") == 1);
  const auto error = log.said(GST_MESSAGE_ERROR);
  CHECK(error.domain == GST_STREAM_ERROR);
  CHECK(error.code == GST_STREAM_ERROR_FORMAT);
  CHECK_THAT(error.text, Catch::Contains("\"copy\"") && Catch::Contains("same version"));
}

TEST_CASE("segments of an A/B stream are no viewer's ID: the stream stops, and nothing is logged") {
  Fixture log;
  log.play();
  CHECK(log.push("segment 12 a") == GST_FLOW_ERROR);
  CHECK(log.stat("frames") == 0);
  CHECK(log.stat("records") == 0);
  const auto error = log.said(GST_MESSAGE_ERROR);
  CHECK(error.domain == GST_STREAM_ERROR);
  CHECK(error.code == GST_STREAM_ERROR_WRONG_TYPE);
  CHECK_THAT(error.text, Catch::Contains("segments of an A/B stream") && Catch::Contains("Take auditlog out"));
}

TEST_CASE("without a key file the log starts, and a warning says what that means") {
  Fixture log;
  log.set("key-file", "");
  CHECK(log.get("key-file").empty());
  log.play();
  CHECK(log.push("alice") == GST_FLOW_OK);
  log.stop();
  CHECK_THAT(log.said(GST_MESSAGE_WARNING).text, Catch::Contains("public default key"));
  CHECK(audit::verify_chain(log.uri(), "default", {audit::chain_key(steg::Key::public_default())}).rows >= 2);
}

TEST_CASE("what cannot be opened keeps the element from starting, with one error that says what to do") {
  Fixture log;
  gint code = GST_RESOURCE_ERROR_OPEN_READ_WRITE;
  std::string words;
  SECTION("no scheme") {
    log.set("database", "audit.db");
    words = "sqlite:PATH";
  }
  SECTION("unknown scheme") {
    log.set("database", "mysql://localhost/audit");
    words = "no known kind";
  }
  SECTION("empty") {
    log.set("database", "");
    words = "no known kind";
  }
  SECTION("a URI that does not parse") {
    log.set("database", "postgresql://host/db?nonsense=1");
    words = "does not parse";
  }
  SECTION("a database in memory") {
    log.set("database", "sqlite::memory:");
    words = "Name a file";
  }
  SECTION("a folder that is not there") {
    log.set("database", "sqlite:" + (log.folder / "none/audit.db"));
    words = "Check that its folder exists";
  }
  SECTION("a file that is no database") {
    log.set("database", "sqlite:" + (log.folder / "key"));
    words = "not a database";
  }
  SECTION("no server") {
    log.set("database", "postgresql://app@127.0.0.1:1/audit");
    words = "Check that the server runs";
  }
  SECTION("no stream") {
    log.set("stream", "");
    words = "`stream`";
  }
  SECTION("no place for the spool") {
    log.set("spool", log.folder / "none/spool");
    words = "`spool`";
  }
  SECTION("no key file") {
    log.set("key-file", log.folder / "none");
    code = GST_RESOURCE_ERROR_SETTINGS;
    words = "64 hexadecimal digits";
  }
  SECTION("a key file without a key") {
    test::write_file(log.folder / "key", "secret\n");
    code = GST_RESOURCE_ERROR_SETTINGS;
    words = "64 hexadecimal digits";
  }
  CHECK(log.pause() == GST_STATE_CHANGE_FAILURE);
  const auto error = log.said(GST_MESSAGE_ERROR);
  CHECK(error.domain == GST_RESOURCE_ERROR);
  CHECK(error.code == code);
  CHECK_THAT(error.text, Catch::Contains(words));
  CHECK(log.said(GST_MESSAGE_ERROR).text.empty());
  CHECK(log.said(GST_MESSAGE_WARNING).text.empty());
  // And it starts once the mistake is corrected.
  gst_element_set_state(log.element(), GST_STATE_NULL);
  test::write_file(log.folder / "key", std::string(kKeyHex) + '\n');
  log.set("key-file", log.folder / "key");
  log.set("database", log.uri());
  log.set("stream", "default");
  log.set("spool", "");
  CHECK(log.pause() != GST_STATE_CHANGE_FAILURE);
}

TEST_CASE("an address that is not UTF-8 is not taken") {
  Fixture log;
  log.set("client-ip", "192.0.2.7");
  g_object_set(log.element(), "client-ip", "\xFF", nullptr);
  CHECK(log.get("client-ip") == "192.0.2.7");
  CHECK_THAT(log.said(GST_MESSAGE_WARNING).text, Catch::Contains("client-ip"));
}

TEST_CASE("properties keep their values through NULL, and all can be read") {
  Fixture log;
  log.set("stream", "one");
  log.set("client-ip", "10kB");
  log.set("spool", log.folder / "my.spool");
  log.set("spool-limit", "12345678");
  log.set("on-full", "error");
  log.set("start-without-database", "true");
  const auto check = [&] {
    CHECK(log.get("database") == log.uri());
    CHECK(log.get("stream") == "one");
    CHECK(log.get("client-ip") == "10kB");
    CHECK(log.get("spool") == log.folder / "my.spool");
    CHECK(log.get("key-file") == log.folder / "key");
    guint64 limit = 0;
    gint on_full = -1;
    gboolean without = FALSE;
    g_object_get(log.element(), "spool-limit", &limit, "on-full", &on_full, "start-without-database", &without,
                 nullptr);
    CHECK(limit == 12345678);
    CHECK(on_full == 1);
    CHECK(without == TRUE);
  };
  check();
  log.play();
  CHECK(log.push("alice") == GST_FLOW_OK);
  check();
  log.stop();
  gst_element_set_state(log.element(), GST_STATE_NULL);
  check();
  // The numbers of the last run stay, too.
  CHECK(log.stat("frames") == 1);
  CHECK(log.stat("written") >= 2);
  CHECK(log.stat("pending") == 0);
  const Ptr<GstStructure> stats = log.all_stats();
  CHECK(gst_structure_get_string(stats.get(), "spool") == log.folder / "my.spool");
  CHECK(std::string(gst_structure_get_string(stats.get(), "session")).size() == 36);

  const Ptr<GstElement> fresh(GST_ELEMENT(gst_object_ref_sink(gst_element_factory_make("auditlog", nullptr))));
  gchar* database = nullptr;
  g_object_get(fresh.get(), "database", &database, nullptr);
  CHECK(std::string(database) == "sqlite:steg-audit.db");
  g_free(database);
}

TEST_CASE("each start is a session, and no thread outlives it") {
  Fixture log;
  const std::size_t before = threads();
  std::string last;
  for (int i = 0; i < 3; ++i) {
    log.play();
    CHECK(log.push("alice") == GST_FLOW_OK);
    CHECK(threads() > before);
    const Ptr<GstStructure> stats = log.all_stats();
    CHECK(last != gst_structure_get_string(stats.get(), "session"));
    last = gst_structure_get_string(stats.get(), "session");
    log.stop();
    gst_element_set_state(log.element(), GST_STATE_NULL);
    CHECK(threads() == before);
  }
  const auto rows = audit::find_by_id(log.uri(), "alice");
  CHECK(rows.size() >= 3);
  for (const audit::AuditRow& row : rows) CHECK(row.intervals_open == 0);
}

TEST_CASE("any raw video passes, whatever its memory and size") {
  for (const char* caps : {"video/x-raw,format=RGB,width=1,height=1,framerate=0/1",
                           "video/x-raw,format=P010_10LE,width=8192,height=16,framerate=25/1",
                           "video/x-raw(memory:DMABuf),format=NV12,width=16,height=16,framerate=25/1"}) {
    Fixture log;
    GstHarness* harness = log.play(caps);
    CHECK(log.push("alice") == GST_FLOW_OK);
    GstBuffer* gap = log.frame("alice");
    GST_BUFFER_FLAG_SET(gap, GST_BUFFER_FLAG_GAP);
    CHECK(gst_harness_push(harness, gap) == GST_FLOW_OK);
    gst_harness_set_src_caps_str(harness, "video/x-raw,format=I420,width=17,height=13,framerate=30/1");
    CHECK(log.push("alice") == GST_FLOW_OK);
    CHECK(log.stat("frames") == 3);
    CHECK(gst_harness_buffers_received(harness) == 3);
  }
}

TEST_CASE("it adds no latency and asks for no quality of service") {
  Fixture log;
  GstHarness* harness = log.play();
  gst_harness_set_upstream_latency(harness, 5 * GST_MSECOND);
  CHECK(log.push("alice") == GST_FLOW_OK);
  CHECK(gst_harness_query_latency(harness) == 5 * GST_MSECOND);
  CHECK_FALSE(gst_base_transform_is_qos_enabled(GST_BASE_TRANSFORM(log.element())));
}

TEST_CASE("a record that finds no room stops the stream or holds it, as on-full says") {
  Fixture log;
  log.set("database", "postgresql://app@127.0.0.1:1/audit");
  log.set("start-without-database", "true");
  log.set("spool", log.folder / "spool");
  log.set("spool-limit", "1");
  SECTION("error") {
    log.set("on-full", "error");
    log.play();
    GstFlowReturn flow = GST_FLOW_OK;
    for (int i = 0; flow == GST_FLOW_OK && i < 10000; ++i) flow = log.push(std::to_string(i).c_str());
    CHECK(flow == GST_FLOW_ERROR);
    const auto error = log.said(GST_MESSAGE_ERROR);
    CHECK(error.domain == GST_RESOURCE_ERROR);
    CHECK(error.code == GST_RESOURCE_ERROR_NO_SPACE_LEFT);
    log.stop();
    // The limit is no reason to lose what was held in memory.
    CHECK(log.said(GST_MESSAGE_ERROR).text.empty());
    CHECK(log.stat("spooled") == log.stat("pending"));
    CHECK(log.stat("spooled") == 2 * log.stat("records"));
  }
  SECTION("a stop that can save nothing says so, on the bus and on the error output") {
    log.play();
    static std::string printed;
    printed.clear();
    const GPrintFunc before = g_set_printerr_handler([](const gchar* text) { printed += text; });
    {
      const test::FileSizeLimit no_room(0);
      CHECK(log.push("alice") == GST_FLOW_OK);
      CHECK(log.push("alice") == GST_FLOW_OK);
      CHECK(log.push("bob") == GST_FLOW_OK);
      log.stop();
    }
    g_set_printerr_handler(before);
    const auto lost = log.said(GST_MESSAGE_ERROR);
    CHECK(lost.domain == GST_RESOURCE_ERROR);
    CHECK(lost.code == GST_RESOURCE_ERROR_WRITE);
    CHECK_THAT(lost.text, Catch::StartsWith("The audit log has lost 2 records:\nalice for no address, ") &&
                              Catch::Contains(", 2 frames\nbob for no address, "));
    CHECK_THAT(printed, Catch::Contains(lost.text));
  }
  SECTION("block, ended by a stop") {
    GstHarness* harness = log.play();
    std::atomic<int> pushed{0};
    std::atomic<GstFlowReturn> flow{GST_FLOW_OK};
    std::thread stream([&] {
      while (flow == GST_FLOW_OK) {
        flow = log.push(std::to_string(pushed).c_str());
        ++pushed;
        if (GstBuffer* out = gst_harness_try_pull(harness)) gst_buffer_unref(out);
      }
    });
    // Blocked: the number stays.
    int seen = -1;
    REQUIRE(eventually([&] {
      const int now = pushed;
      const bool still = now > 2000 && now == seen;
      seen = now;
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      return still;
    }));
    CHECK(flow == GST_FLOW_OK);
    CHECK(gst_element_set_state(log.element(), GST_STATE_NULL) == GST_STATE_CHANGE_SUCCESS);
    stream.join();
    CHECK(flow == GST_FLOW_FLUSHING);
  }
}

TEST_CASE("PostgreSQL: an outage in mid-stream is a warning, and all records are there afterwards") {
  test::PostgresServer server;
  Fixture log;
  log.set("database", server.uri());
  log.set("spool", log.folder / "spool");
  log.play();
  CHECK(log.push("alice") == GST_FLOW_OK);
  REQUIRE(eventually([&] { return log.stat("written") >= 1; }));
  server.stop();
  for (int i = 0; i < 20; ++i) CHECK(log.push(("id" + std::to_string(i)).c_str()) == GST_FLOW_OK);
  REQUIRE(eventually([&] { return log.stat("failed") > 0; }));
  const auto warning = log.said(GST_MESSAGE_WARNING);
  CHECK(warning.domain == GST_RESOURCE_ERROR);
  CHECK(warning.code == GST_RESOURCE_ERROR_WRITE);
  CHECK_THAT(warning.text, Catch::Contains(log.folder / "spool"));
  CHECK(eventually([&] { return log.stat("spooled") > 0; }));
  server.start();
  REQUIRE(eventually([&] { return log.stat("pending") == 0; }));
  CHECK_FALSE(log.said(GST_MESSAGE_INFO).text.empty());
  CHECK(log.push("bob") == GST_FLOW_OK);
  log.stop();
  CHECK(log.said(GST_MESSAGE_WARNING).text.empty());
  for (int i = 0; i < 20; ++i) {
    const auto rows = audit::find_by_id(server.uri(), "id" + std::to_string(i));
    REQUIRE(rows.size() >= 1);
    CHECK(rows[0].intervals_open == 0);
  }
  CHECK(audit::verify_chain(server.uri(), "default", {chain_key()}).intact());

  // A stop while the server is away says where the records are.
  log.play();
  CHECK(log.push("carol") == GST_FLOW_OK);
  REQUIRE(eventually([&] { return log.stat("pending") == 0; }));
  server.stop();
  CHECK(log.push("dave") == GST_FLOW_OK);
  log.stop();
  gst_element_set_state(log.element(), GST_STATE_NULL);
  CHECK(log.stat("pending") > 0);
  bool told = false;
  for (auto said = log.said(GST_MESSAGE_WARNING); !said.text.empty(); said = log.said(GST_MESSAGE_WARNING))
    told = told || said.text.find("The next start") != std::string::npos;
  CHECK(told);
}
