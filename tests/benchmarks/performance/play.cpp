// Plays one pipeline to its end and prints: CPU s after the first frame, wall s, s from the start of the process to the
// first frame at a sink, s of video at the sinks. A program of its own, without Torch but for what the pipeline loads.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

#include "plugins/common/gst_ptr.hpp"
#include "stopwatch.hpp"

namespace {

using gststeg::Ptr;
using performance::wall_ms;

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

/// Largest resident set so far, in MiB. Not getrusage(): its figure is also that of the program that was forked.
double peak_mib() {
  FILE* file = std::fopen("/proc/self/status", "r");
  if (!file) throw std::runtime_error("cannot read /proc/self/status");
  char line[256];
  double kib = 0;
  while (std::fgets(line, sizeof line, file)) {
    if (std::sscanf(line, "VmHWM: %lf", &kib) == 1) break;
  }
  std::fclose(file);
  return kib / 1024;
}

/// Filled by the sinks' pads.
struct Counts {
  std::mutex lock;
  double first = 0;   ///< age of the process
  double cpu = 0;     ///< of the process until then: what starting costs is not what a stream costs
  double stream = 0;  ///< s of video after it
};

GstPadProbeReturn count(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* counts = static_cast<Counts*>(data);
  const GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const std::lock_guard<std::mutex> guard(counts->lock);
  if (counts->first == 0) {
    counts->first = age();
    counts->cpu = process_cpu();
    return GST_PAD_PROBE_OK;
  }
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

int play(const char* description) {
  GError* raw = nullptr;
  const Ptr<GstElement> pipeline(gst_parse_launch(description, &raw));
  const Ptr<GError> error(raw);
  if (error) throw std::runtime_error(error->message);
  Counts counts;
  probe_sinks(GST_BIN(pipeline.get()), &counts);
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
  const double used = process_cpu() - counts.cpu;
  const double took = 1e-3 * (wall_ms() - begin);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  std::printf("%.6f %.6f %.6f %.6f %.1f\n", used, took, counts.first, counts.stream, peak_mib());
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(nullptr, nullptr);
  if (argc != 2) {
    std::fprintf(stderr, "usage: bench-play DESCRIPTION\n");
    return EXIT_FAILURE;
  }
  try {
    return play(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-play: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
