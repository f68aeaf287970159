// The real networks, a real codec, and steg-trace on the file that comes out.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <glib/gstdio.h>
#include <gst/gst.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>
#include <vector>

#include "plugins/common/gst_ptr.hpp"

using Catch::Contains;
using gststeg::Ptr;

namespace {

struct Decoded {
  std::string id;
  double p_value;
};

struct Run {
  std::string error;
  std::vector<std::string> applied;
  std::vector<Decoded> decoded;
};

/// Changes the ID of the element "e" with the 46th buffer.
GstPadProbeReturn change_id(GstPad* pad, GstPadProbeInfo*, gpointer data) {
  int* count = static_cast<int*>(data);
  if (++*count == 45) {
    const Ptr<GstElement> element(gst_pad_get_parent_element(pad));
    g_object_set(element.get(), "id", "bob", nullptr);
  }
  return GST_PAD_PROBE_OK;
}

Run run(const std::string& description, bool change) {
  const Ptr<GstElement> pipeline(GST_ELEMENT(gst_object_ref_sink(gst_parse_launch(description.c_str(), nullptr))));
  REQUIRE(pipeline);
  int count = 0;
  if (change) {
    const Ptr<GstElement> encode(gst_bin_get_by_name(GST_BIN(pipeline.get()), "e"));
    const Ptr<GstPad> pad(gst_element_get_static_pad(encode.get(), "src"));
    gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, change_id, &count, nullptr);
  }
  Run result;
  const Ptr<GstBus> bus(gst_element_get_bus(pipeline.get()));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  bool done = false;
  while (!done) {
    const Ptr<GstMessage> message(gst_bus_timed_pop_filtered(
        bus.get(), 120 * GST_SECOND,
        static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT)));
    if (!message) {
      result.error = "timeout";
      break;
    }
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR) {
      GError* raw_error = nullptr;
      gst_message_parse_error(message.get(), &raw_error, nullptr);
      result.error = Ptr<GError>(raw_error)->message;
    }
    done = GST_MESSAGE_TYPE(message.get()) != GST_MESSAGE_ELEMENT;
    const GstStructure* fields = gst_message_get_structure(message.get());
    if (gst_message_has_name(message.get(), "steg-id-applied"))
      result.applied.emplace_back(gst_structure_get_string(fields, "id"));
    if (gst_message_has_name(message.get(), "steg-decoded")) {
      double p_value = 1.0;
      gst_structure_get_double(fields, "p-value", &p_value);
      result.decoded.push_back({gst_structure_get_string(fields, "id"), p_value});
    }
  }
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return result;
}

/// What steg-trace prints, and its exit status.
std::pair<std::string, int> steg_trace(const std::string& arguments) {
  gchar* raw_output = nullptr;
  gint status = -1;
  const std::string command = std::string(std::getenv("STEG_TRACE")) + " --threads 1 " + arguments;
  REQUIRE(g_spawn_command_line_sync(command.c_str(), &raw_output, nullptr, &status, nullptr));
  const Ptr<gchar> output(raw_output);
  return {output.get(), WEXITSTATUS(status)};
}

std::string clip() { return std::getenv("STEG_CLIP"); }

const std::string kDecode = " ! qtdemux ! h264parse ! avdec_h264";
const std::string kCodec = " ! x264enc tune=zerolatency speed-preset=veryfast pass=quant quantizer=20";

}  // namespace

TEST_CASE("through H.264 and back, with an ID that changes, and steg-trace on the file") {
  const std::string folder = g_get_tmp_dir();
  gchar* raw_name = g_build_filename(folder.c_str(), "gst-steg-end-to-end.mp4", nullptr);
  const Ptr<gchar> name(raw_name);
  const std::string file = name.get();
  const Run recorded = run("filesrc location=" + clip() + kDecode + " ! stegencode name=e id=alice" + kCodec +
                               " ! tee name=t ! queue ! h264parse ! mp4mux ! filesink location=" + file +
                               " t. ! queue ! avdec_h264 ! stegdecode ! fakesink sync=false",
                           true);
  REQUIRE(recorded.error.empty());
  CHECK(recorded.applied == std::vector<std::string>{"alice", "bob"});
  REQUIRE(recorded.decoded.size() >= 2);
  CHECK(recorded.decoded.front().id == "alice");
  CHECK(recorded.decoded.back().id == "bob");
  for (const Decoded& decoded : recorded.decoded) CHECK(decoded.p_value <= 1e-9);

  const auto [text, status] = steg_trace(file);
  CHECK(status == 0);
  CHECK_THAT(text, Contains("alice") && Contains("bob") && Contains("0:01.5"));
  const std::string page_file = file + ".html";
  const auto [json, json_status] = steg_trace("--json --rate 5 --report " + page_file + " " + file);
  gchar* raw_page = nullptr;
  REQUIRE(g_file_get_contents(page_file.c_str(), &raw_page, nullptr, nullptr));
  const Ptr<gchar> page(raw_page);
  CHECK_THAT(page.get(), Contains("alice") && Contains("bob") && Contains("data:image/jpeg;base64,") &&
                             Contains("SHA-256") && Contains("--report"));
  std::remove(page_file.c_str());
  CHECK(json_status == 0);
  CHECK_THAT(json, Contains("\"id\" : \"alice\"") && Contains("\"id\" : \"bob\"") && Contains("\"public_key\" : true"));
  // Under another key there is nothing.
  gchar* raw_key = g_build_filename(folder.c_str(), "gst-steg-end-to-end.key", nullptr);
  const Ptr<gchar> key(raw_key);
  REQUIRE(g_file_set_contents(key.get(), std::string(64, '3').c_str(), -1, nullptr));
  CHECK(steg_trace(std::string("--no-search --rate 2 --key-file ") + key.get() + " " + file).second == 1);
  // One file that cannot be read makes the exit status 2, and the other is told of.
  const auto [mixed, mixed_status] = steg_trace("--rate 2 /nonexistent.mp4 " + file);
  CHECK(mixed_status == 2);
  CHECK_THAT(mixed, Contains("alice"));
  std::remove(key.get());
  std::remove(file.c_str());
}

TEST_CASE("what steg-trace cannot read, and calls that are wrong") {
  const std::string arguments =
      GENERATE(as<std::string>(), "/nonexistent.mp4", "/", "", "--max-p-value 2 x.mp4", "--rate 0 x.mp4", "--unknown x",
               "--key-file /nonexistent.key x.mp4", "--model /nonexistent.pt x.mp4", "--database nonsense: x.mp4",
               "/etc/hostname");
  CHECK(steg_trace(arguments).second == 2);
}

TEST_CASE("steg-trace says what is wrong with a file") {
  const Ptr<gchar> raw_folder(g_dir_make_tmp("gst-steg-files-XXXXXX", nullptr));
  const std::string folder = raw_folder.get();
  const std::string path = folder + "/file.mp4";
  const auto make = [](const std::string& command) {
    gint status = -1;
    REQUIRE(g_spawn_command_line_sync(command.c_str(), nullptr, nullptr, &status, nullptr));
    REQUIRE(status == 0);
  };
  std::string complaint;
  std::string files = path;
  SECTION("empty") {
    complaint = "The file is empty";
    REQUIRE(g_file_set_contents(path.c_str(), "", 0, nullptr));
  }
  SECTION("sound only") {
    complaint = "sound but no picture";
    make("ffmpeg -loglevel error -f lavfi -i sine=d=0.2 " + path);
  }
  SECTION("encrypted") {
    complaint = "It is encrypted";
    make("ffmpeg -loglevel error -i " + clip() +
         " -c copy -encryption_scheme cenc-aes-ctr -encryption_key 76a6c65c5ea762046bd749a2e632ccbb "
         "-encryption_kid a7e61c373e219033c21091fa607bf3b8 " +
         path);
  }
  SECTION("cut off before there is a picture") {
    complaint = "cut off";
    gchar* raw_content = nullptr;
    REQUIRE(g_file_get_contents(clip().c_str(), &raw_content, nullptr, nullptr));
    const Ptr<gchar> content(raw_content);
    REQUIRE(g_file_set_contents(path.c_str(), content.get(), 1000, nullptr));
    // Once that decodebin runs warm it drops the error of every second such file, and then says no more.
    for (int i = 0; i < 7; ++i) files += " " + path;
  }
  const std::string report = folder + "/report.html";
  CHECK(steg_trace("--report " + report + " " + files).second == 2);
  gchar* raw_page = nullptr;
  REQUIRE(g_file_get_contents(report.c_str(), &raw_page, nullptr, nullptr));
  const Ptr<gchar> page(raw_page);
  CHECK_THAT(page.get(), Contains(complaint));
  std::remove(path.c_str());
  std::remove(report.c_str());
  g_rmdir(folder.c_str());
}

TEST_CASE("a clip without a mark") { CHECK(steg_trace("--no-search --rate 2 " + clip()).second == 1); }

namespace {

/// A folder with marked copies that exists as long as this.
class Copies {
 public:
  Copies() : folder_(g_dir_make_tmp("gst-steg-day-XXXXXX", nullptr)) { REQUIRE(folder_); }
  ~Copies() {
    GDir* entries = g_dir_open(folder_.get(), 0, nullptr);
    while (const gchar* name = g_dir_read_name(entries)) g_unlink(path(name).c_str());
    g_dir_close(entries);
    g_rmdir(folder_.get());
  }
  Copies(const Copies&) = delete;
  Copies& operator=(const Copies&) = delete;

  std::string path(const std::string& name) const { return std::string(folder_.get()) + "/" + name; }

  /// Marks the clip as if it were shown from that second of a day on.
  std::string mark(const std::string& name, guint64 second) const {
    const std::string file = path(name);
    const guint64 origin = (guint64{20000} * 86400 + second) * GST_SECOND;
    const Run run_through = run("filesrc location=" + clip() + kDecode +
                                    " ! stegencode name=e id=alice epoch-origin=" + std::to_string(origin) + kCodec +
                                    " ! h264parse ! mp4mux ! filesink location=" + file,
                                false);
    REQUIRE(run_through.error.empty());
    return file;
  }

  std::string ffmpeg(const std::string& before, const std::string& input, const std::string& after,
                     const std::string& name) const {
    const std::string command = "ffmpeg -y -loglevel error " + before + " -i " + input + " " + after + " " + path(name);
    gint status = -1;
    REQUIRE(g_spawn_command_line_sync(command.c_str(), nullptr, nullptr, &status, nullptr));
    REQUIRE(status == 0);
    return path(name);
  }

  std::string trace(const std::string& file) const {
    const auto [json, status] = steg_trace("--json --no-search " + file);
    CHECK(status == 0);
    return json;
  }

 private:
  Ptr<gchar> folder_;
};

std::string from(const std::string& time) { return "\"marked_from\" : \"" + time + "\""; }
std::string to(const std::string& time) { return "\"marked_to\" : \"" + time + "\""; }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("a copy says when it was marked: as it is, slowed down, cut, and glued from two times of day") {
  const Copies copies;
  // From 14:03:21 to 14:03:24, and from 23:59:59 over midnight.
  const std::string day = copies.mark("day.mp4", 50601);
  const std::string night = copies.mark("night.mp4", 86399);

  const std::string whole = copies.trace(day);
  CHECK_THAT(whole, Contains("\"id\" : \"alice\"") && Contains(from("14:03:20")) && Contains(to("14:03:26")));
  CHECK_THAT(copies.trace(night), Contains(from("23:59:58")) && Contains(to("00:00:04")));
  CHECK_THAT(copies.trace(copies.ffmpeg("-itsscale 2", day, "-c copy", "slow.mp4")),
             Contains(from("14:03:20")) && Contains(to("14:03:26")));
  // The last epoch alone: from the second border on.
  CHECK_THAT(copies.trace(copies.ffmpeg("", day, "-ss 1.2 -t 1.5 -c:v libx264 -crf 16", "cut.mp4")),
             Contains(from("14:03:22")) && Contains(to("14:03:24")));

  const std::string list = "file 'day.mp4'\nfile 'night.mp4'\n";
  REQUIRE(g_file_set_contents(copies.path("list.txt").c_str(), list.c_str(), -1, nullptr));
  const std::string glued =
      copies.trace(copies.ffmpeg("-f concat -safe 0", copies.path("list.txt"), "-c copy", "glued.mp4"));
  CHECK(count(glued, "\"id\" : \"alice\"") == 2);
  CHECK_THAT(glued, Contains(from("14:03:20")) && Contains(to("14:03:26")) && Contains(from("23:59:58")) &&
                        Contains(to("00:00:04")));
  // Under another key there is nothing.
  REQUIRE(g_file_set_contents(copies.path("other.key").c_str(), std::string(64, '3').c_str(), -1, nullptr));
  CHECK(steg_trace("--no-search --rate 2 --key-file " + copies.path("other.key") + " " + day).second == 1);
}

TEST_CASE("a copy with the time of day is found where it was cropped and mirrored") {
  const Copies copies;
  const std::string day = copies.mark("day.mp4", 50601);
  const std::string moved = copies.ffmpeg("", day, "-vf crop=1000:600:60:40,hflip -c:v libx264 -crf 16", "moved.mp4");
  const auto [json, status] = steg_trace("--json " + moved);
  CHECK(status == 0);
  CHECK_THAT(json, Contains("\"id\" : \"alice\"") && Contains("mirrored") && Contains(from("14:03:20")));
}
