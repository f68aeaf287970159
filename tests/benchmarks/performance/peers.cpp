// SPDX-License-Identifier: LGPL-2.1-or-later
#include "peers.hpp"

#include <sstream>
#include <string>

#include "../robustness/process.hpp"

namespace performance {
namespace {

/// Prints a line "method best median" (ms) for each; fails where the module is missing.
constexpr char kScript[] = R"(
import sys, time
import cv2, numpy
from imwatermark import WatermarkEncoder
cv2.setNumThreads(1)
width, height = int(sys.argv[1]), int(sys.argv[2])
noise = numpy.random.default_rng(7).integers(0, 256, (height // 16, width // 16, 3), dtype=numpy.uint8)
picture = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
for method in ("dwtDct", "dwtDctSvd"):
    encoder = WatermarkEncoder()
    encoder.set_watermark("bytes", b"bench01")
    times = []
    for _ in range(7):
        began = time.thread_time()
        encoder.encode(picture, method)
        times.append(1e3 * (time.thread_time() - began))
    times.sort()
    print(method, times[0], times[len(times) // 2])
)";

}  // namespace

std::vector<Timing> time_peers(const Size& size) {
  const robustness::Output output =
      robustness::read_program({"python3", "-c", kScript, std::to_string(size.width), std::to_string(size.height)});
  std::vector<Timing> timings;
  if (output.status != 0) return timings;
  std::istringstream lines(output.text);
  std::string method;
  double best = 0;
  double median = 0;
  while (lines >> method >> best >> median)
    timings.push_back({"invisible-watermark " + method, size.name(), best, median, best, 0, size.pixels()});
  return timings;
}

}  // namespace performance
