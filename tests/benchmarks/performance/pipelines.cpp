// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pipelines.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "clip.hpp"
#include "stopwatch.hpp"

namespace performance {
namespace {

using gststeg::Ptr;

double process_cpu() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// s since the process was started, as the kernel knows it: libraries are loaded before main().
double age() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  FILE* file = std::fopen("/proc/self/stat", "r");
  if (!file) throw std::runtime_error("cannot read /proc/self/stat");
  unsigned long long ticks = 0;
  // The 22nd field; the second one is the program's name in brackets.
  const int found = std::fscanf(
      file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &ticks);
  std::fclose(file);
  if (found != 1) throw std::runtime_error("cannot understand /proc/self/stat");
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec) -
         static_cast<double>(ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// Filled by the sinks' pads.
struct Counts {
  std::mutex lock;
  double first = 0;
  double stream = 0;
};

GstPadProbeReturn count(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* counts = static_cast<Counts*>(data);
  const GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const std::lock_guard<std::mutex> guard(counts->lock);
  if (counts->first == 0) counts->first = age();
  if (GST_BUFFER_DURATION_IS_VALID(buffer))
    counts->stream += static_cast<double>(GST_BUFFER_DURATION(buffer)) / GST_SECOND;
  return GST_PAD_PROBE_OK;
}

void probe_sinks(GstBin* bin, Counts* counts) {
  const std::unique_ptr<GstIterator, decltype(&gst_iterator_free)> sinks(gst_bin_iterate_sinks(bin), gst_iterator_free);
  GValue item = G_VALUE_INIT;
  while (gst_iterator_next(sinks.get(), &item) == GST_ITERATOR_OK) {
    const Ptr<GstPad> pad(gst_element_get_static_pad(GST_ELEMENT(g_value_get_object(&item)), "sink"));
    gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, count, counts, nullptr);
    g_value_reset(&item);
  }
  g_value_unset(&item);
}

}  // namespace

int play(const std::string& description) {
  GError* raw = nullptr;
  const Ptr<GstElement> pipeline(gst_parse_launch(description.c_str(), &raw));
  const Ptr<GError> error(raw);
  if (error) throw std::runtime_error(error->message);
  Counts counts;
  probe_sinks(GST_BIN(pipeline.get()), &counts);
  const double cpu = process_cpu();
  const double begin = wall_ms();
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  const Ptr<GstBus> bus(gst_element_get_bus(pipeline.get()));
  const Ptr<GstMessage> message(gst_bus_timed_pop_filtered(
      bus.get(), GST_CLOCK_TIME_NONE, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  const bool failed = GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR;
  if (failed) {
    GError* reason = nullptr;
    gst_message_parse_error(message.get(), &reason, nullptr);
    std::fprintf(stderr, "%s\n", Ptr<GError>(reason)->message);
  }
  const double used = process_cpu() - cpu;
  const double took = 1e-3 * (wall_ms() - begin);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  std::printf("%.6f %.6f %.6f %.6f\n", used, took, counts.first, counts.stream);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

Usage run_pipeline(const std::string& program, const std::string& description) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe to the child");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("cannot start a child");
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    execl(program.c_str(), program.c_str(), "--play", description.c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  FILE* output = fdopen(ends[0], "r");
  Usage usage;
  const int found = std::fscanf(output, "%lf %lf %lf %lf", &usage.cpu, &usage.wall, &usage.start, &usage.stream);
  std::fclose(output);
  int status = 0;
  rusage resources{};
  wait4(child, &status, 0, &resources);
  if (found != 4 || status != 0) throw std::runtime_error("this pipeline failed: " + description);
  usage.peak_mib = static_cast<double>(resources.ru_maxrss) / 1024;
  return usage;
}

std::string transcoding(const std::string& clip, const std::string& elements, int streams) {
  std::string description;
  for (int i = 0; i < streams; ++i) {
    std::string own = elements;
    const std::size_t place = own.find('@');
    if (place != std::string::npos) own.replace(place, 1, std::to_string(i));
    description += "filesrc location=" + quoted(clip) + " ! decodebin ! videoconvert ! " + own +
                   "x264enc speed-preset=veryfast tune=zerolatency bitrate=4000 threads=1 ! fakesink sync=false ";
  }
  return description;
}

std::string fan_out(const std::string& clip, int ids) {
  std::string description =
      "filesrc location=" + quoted(clip) + " ! decodebin ! videoconvert ! video/x-raw,format=I420 ! tee name=t ";
  for (int i = 0; i < ids; ++i)
    description += "t. ! queue ! stegencode id=id" + std::to_string(i) + " ! fakesink sync=false ";
  return description;
}

}  // namespace performance
