// Real elements with networks of luma alone and of three planes: every format, grey copies, moved copies, old copies.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <glib/gstdio.h>
#include <gst/gst.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <set>
#include <string>
#include <utility>

#include "plugins/common/gst_ptr.hpp"

using Catch::Contains;
using gststeg::Ptr;

namespace {

std::string environment(const char* name) { return std::getenv(name); }
std::string media() { return environment("STEG_MEDIA"); }

/// The folder of a pair of networks: those that are shipped, or the smallest of three planes.
std::string networks(bool shipped) { return shipped ? environment("GST_STEG_MODEL_PATH") : media() + "/models-v2"; }

/// Runs a pipeline to its end and returns the IDs that stegdecode found in it.
std::set<std::string> run(const std::string& description) {
  CAPTURE(description);
  const Ptr<GstElement> pipeline(GST_ELEMENT(gst_object_ref_sink(gst_parse_launch(description.c_str(), nullptr))));
  REQUIRE(pipeline);
  const Ptr<GstBus> bus(gst_element_get_bus(pipeline.get()));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  std::set<std::string> ids;
  std::string end;
  while (end.empty()) {
    const Ptr<GstMessage> message(gst_bus_timed_pop_filtered(
        bus.get(), 300 * GST_SECOND,
        static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT)));
    end = message ? (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ELEMENT ? "" : GST_MESSAGE_TYPE_NAME(message.get()))
                  : "timeout";
    if (message && gst_message_has_name(message.get(), "steg-decoded"))
      ids.insert(gst_structure_get_string(gst_message_get_structure(message.get()), "id"));
  }
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  CHECK(end == "eos");
  return ids;
}

std::string clip(int frames) {
  return "filesrc location=" + media() +
         "/dog_720p.mp4 ! qtdemux ! h264parse ! avdec_h264 ! identity eos-after=" + std::to_string(frames + 1) + " ! ";
}

std::string marked(bool shipped) { return "stegencode id=alice model=" + networks(shipped) + "/encoder.pt ! "; }
std::string decoded(bool shipped) {
  return "stegdecode interval=100000000 model=" + networks(shipped) + "/extractor.pt ! fakesink";
}

/// What steg-trace prints, and its exit status.
std::pair<std::string, int> steg_trace(const std::string& arguments) {
  gchar* raw_output = nullptr;
  gint status = -1;
  const std::string command = environment("STEG_TRACE") + " --threads 1 " + arguments;
  REQUIRE(g_spawn_command_line_sync(command.c_str(), &raw_output, nullptr, &status, nullptr));
  const Ptr<gchar> output(raw_output);
  return {output.get(), WEXITSTATUS(status)};
}

/// A folder with files that exists as long as this.
class Folder {
 public:
  Folder() : path_(g_dir_make_tmp("gst-steg-formats-XXXXXX", nullptr)) { REQUIRE(path_); }
  ~Folder() {
    for (const std::string& file : files_) g_unlink(file.c_str());
    g_rmdir(path_.get());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path() const { return path_.get(); }
  std::string file(const std::string& name) { return *files_.insert(path() + "/" + name).first; }
  void copy(const std::string& from, const std::string& name) {
    gchar* raw_bytes = nullptr;
    gsize size = 0;
    REQUIRE(g_file_get_contents(from.c_str(), &raw_bytes, &size, nullptr));
    const Ptr<gchar> bytes(raw_bytes);
    REQUIRE(g_file_set_contents(file(name).c_str(), bytes.get(), static_cast<gssize>(size), nullptr));
  }

 private:
  Ptr<gchar> path_;
  std::set<std::string> files_;
};

}  // namespace

TEST_CASE("a mark in every format is read back") {
  const bool shipped = GENERATE(false, true);
  const std::string format = GENERATE(as<std::string>(), "I420", "YV12", "NV12", "NV21", "Y42B", "Y444", "GRAY8",
                                      "I420_10LE", "P010_10LE", "I422_10LE", "Y444_10LE");
  // Luma alone carries little of the shipped network's mark: a second of it reads.
  const int frames = shipped && format == "GRAY8" ? 40 : 8;
  CHECK(run(clip(frames) + "videoconvertscale ! video/x-raw,width=960,height=540,format=" + format + " ! " +
            marked(shipped) + decoded(shipped)) == std::set<std::string>{"alice"});
}

TEST_CASE("a grey copy is read") {
  CHECK(run(clip(8) + marked(false) + "videoconvert ! video/x-raw,format=GRAY8 ! " + decoded(false)) ==
        std::set<std::string>{"alice"});
}

TEST_CASE("steg-trace reads a mark in three planes from a file, as it is and mirrored") {
  Folder folder;
  const std::string file = folder.file("marked.mp4");
  const std::string change = GENERATE(as<std::string>(), "", "videoflip video-direction=horiz ! ");
  run(clip(40) + marked(false) + change +
      "x264enc pass=quant quantizer=20 speed-preset=veryfast ! h264parse ! mp4mux ! "
      "filesink location=" +
      file);
  const auto [text, status] = steg_trace("--model " + networks(false) + "/extractor.pt " + file);
  CHECK(status == 0);
  CHECK_THAT(text, Contains("alice"));
  if (!change.empty()) CHECK_THAT(text, Contains("mirrored"));
}

TEST_CASE("copies marked with steg-4 are read for ever, whatever the newest network is") {
  const std::string old_copy = media() + "/marked-steg-4.mp4";
  const auto [text, status] = steg_trace("--no-search --rate 5 " + old_copy);
  CHECK(status == 0);
  CHECK_THAT(text, Contains("STEG-4"));

  Folder folder;
  folder.copy(networks(false) + "/extractor.pt", "extractor.pt");
  folder.copy(networks(true) + "/extractor-steg-4.pt", "extractor-steg-4.pt");
  const std::string shipped = networks(true);
  g_setenv("GST_STEG_MODEL_PATH", folder.path().c_str(), TRUE);
  const auto [by_earlier, found] = steg_trace("--rate 5 " + old_copy);
  const auto [by_newest, lost] =
      steg_trace("--no-search --rate 5 --model " + networks(false) + "/extractor.pt " + old_copy);
  g_setenv("GST_STEG_MODEL_PATH", shipped.c_str(), TRUE);
  CHECK(found == 0);
  CHECK_THAT(by_earlier, Contains("STEG-4") && Contains("extractor-steg-4.pt"));
  // A network that is named is the only one.
  CHECK(lost == 1);
  CHECK_THAT(by_newest, !Contains("STEG-4"));
}

TEST_CASE("the encoder of steg-4 goes on marking") {
  CHECK(run(clip(8) + "stegencode id=old model=" + media() + "/models-steg-4/encoder.pt ! stegdecode " +
            "interval=100000000 model=" + networks(true) + "/extractor-steg-4.pt ! fakesink") ==
        std::set<std::string>{"old"});
}
