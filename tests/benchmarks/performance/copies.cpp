// SPDX-License-Identifier: LGPL-2.1-or-later
#include "copies.hpp"

#include <gst/gst.h>
#include <gst/pbutils/pbutils.h>

#include <stdexcept>

#include "../robustness/process.hpp"
#include "../robustness/tracing.hpp"
#include "../work_folder.hpp"
#include "clip.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace performance {
namespace {

constexpr char kId[] = "bench";

struct Copy {
  const char* what;
  const char* elements;  ///< before the encoder, ending in " ! "
  bool marked;
};

constexpr Copy kCopies[] = {{"a whole 1080p picture", "stegencode id=bench ! ", true},
                            {"the middle of a 1080p picture, 70% of the area",
                             "stegencode id=bench ! videocrop left=156 right=156 top=88 bottom=88 ! ", true},
                            {"no mark: the whole search", "", false}};

double length_of(const std::string& path) {
  const gststeg::Ptr<GstDiscoverer> discoverer(gst_discoverer_new(10 * GST_SECOND, nullptr));
  const gststeg::Ptr<gchar> uri(gst_filename_to_uri(path.c_str(), nullptr));
  const gststeg::Ptr<GstDiscovererInfo> info(gst_discoverer_discover_uri(discoverer.get(), uri.get(), nullptr));
  if (!info) throw std::runtime_error("cannot read " + path);
  return static_cast<double>(gst_discoverer_info_get_duration(info.get())) / GST_SECOND;
}

}  // namespace

std::vector<CopyCost> time_copies(const std::string& program, const std::string& clip) {
  const WorkFolder folder;
  std::vector<CopyCost> costs;
  for (const Copy& copy : kCopies) {
    const std::string path = (folder.path() / "copy.mp4").string();
    robustness::run_pipeline(
        "filesrc location=" + quoted(clip) +
        " ! decodebin ! videoconvert ! videoscale ! "
        "video/x-raw,format=I420,width=1920,height=1080 ! " +
        copy.elements +
        "x264enc speed-preset=veryfast quantizer=28 pass=quant ! h264parse ! mp4mux ! filesink location=" +
        quoted(path));
    const robustness::Tracing traced = robustness::trace_copy(program, path, kId);
    if (traced.found != copy.marked) throw std::runtime_error(std::string("steg-trace is wrong about ") + copy.what);
    costs.push_back({copy.what, traced.cpu_seconds, length_of(path)});
  }
  return costs;
}

}  // namespace performance
