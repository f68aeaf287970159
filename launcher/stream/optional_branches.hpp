// Lets a pipeline run although one of its inputs has no data, such as a stream without sound.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <string>
#include <vector>

#include "launcher/base/seconds.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {

/// A muxer waits for every pad that was requested from it, so a branch behind a demuxer pad that never appears would
/// stall the whole pipeline, and some muxers write a track for it even if the pad is released again. Therefore such a
/// branch is taken off its muxer before the pipeline starts, and the muxer gets no data until it is known whether the
/// branch has input; only then is the pad requested. If the input appears even later, the pipeline must be built again.
class OptionalBranches {
 public:
  /// names: elements that begin such branches. The bin must be in NULL. Throws ConfigError if an element is not in the
  /// bin, or if no muxer follows it.
  OptionalBranches(GstBin* bin, const std::vector<std::string>& names);
  /// The bin must be in NULL again.
  ~OptionalBranches();
  OptionalBranches(const OptionalBranches&) = delete;
  OptionalBranches& operator=(const OptionalBranches&) = delete;

  /// Call this regularly. Decides when every branch has input, or all demuxers that have some have no more pads, or
  /// `wait` after the first pad of any demuxer appeared. Then data flows. Returns why this call gave up
  /// branches, a sentence for each.
  std::vector<std::string> decide(Seconds wait);

  /// The name of a branch that was given up and has input now; empty if there is none.
  std::string appeared() const;

  bool any_given_up() const;

 private:
  struct Branch {
    std::string name;
    gststeg::Ptr<GstPad> head;  ///< where its input is linked
    gststeg::Ptr<GstPad> tail;  ///< its last pad, which belongs on the muxer
    gststeg::Ptr<GstElement> muxer;
    GstPadTemplate* muxer_template;  ///< owned by the muxer's class
    bool given_up = false;
    bool refused = false;  ///< given up because the muxer does not take what it brings
  };
  struct Block {
    gststeg::Ptr<GstPad> pad;
    gulong id;
  };
  struct Signal {
    gststeg::Ptr<GstElement> element;
    gulong id;
  };
  static void on_pad_added(GstElement* element, GstPad* pad, gpointer self);
  static void on_no_more_pads(GstElement* element, gpointer self);
  Branch take_off(GstBin* bin, const std::string& name);
  void block(GstPad* pad);
  void unblock(GstPad* pad);

  std::vector<Branch> branches_;
  std::vector<Block> blocks_;
  std::vector<Signal> signals_;
  bool decided_ = false;
  std::atomic<gint64> first_pad_{0};  ///< monotonic time, microseconds; 0: none yet
  std::atomic<bool> complete_{false};
};

}  // namespace launcher
