// Lets a pipeline run although one of its inputs has no data, such as a stream without sound.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "backoff.hpp"
#include "gst_ptr.hpp"

namespace launcher {

/// A muxer waits for every pad that was requested from it, so a branch behind a demuxer pad that never appears would
/// stall the whole pipeline. Such a branch is given up: the pad it requested from the muxer is released. If its
/// input appears after all, the pipeline has to be built again.
class OptionalBranches {
 public:
  /// names: elements that begin such branches. Throws ConfigError if one is not in the bin.
  OptionalBranches(GstBin* bin, const std::vector<std::string>& names);
  ~OptionalBranches();
  OptionalBranches(const OptionalBranches&) = delete;
  OptionalBranches& operator=(const OptionalBranches&) = delete;

  /// Call this every now and then: gives up the branches without input, once a demuxer has said that it has no more
  /// pads, or `wait` after the first pad of any demuxer appeared. Returns the names of those given up by this call.
  std::vector<std::string> give_up_unused(Seconds wait);

  /// The name of a branch that was given up and has input now; empty if there is none.
  std::string appeared() const;

  bool any_given_up() const;

 private:
  struct Branch {
    std::string name;
    gststeg::Ptr<GstPad> head;
    bool given_up = false;
  };
  struct Signal {
    gststeg::Ptr<GstElement> element;
    gulong id;
  };
  static void on_pad_added(GstElement* element, GstPad* pad, gpointer self);
  static void on_no_more_pads(GstElement* element, gpointer self);

  std::vector<Branch> branches_;
  std::vector<Signal> signals_;
  std::atomic<gint64> first_pad_{0};  ///< monotonic time, microseconds; 0: none yet
  std::atomic<bool> complete_{false};
};

}  // namespace launcher
