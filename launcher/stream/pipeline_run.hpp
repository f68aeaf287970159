// One build of a stream's pipeline, from the description to NULL.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "client_address.hpp"
#include "encoder_colour.hpp"
#include "encoder_rate.hpp"
#include "flv_watch.hpp"
#include "launcher/base/seconds.hpp"
#include "launcher/config/launch_config.hpp"
#include "launcher/playback/flv_tap.hpp"
#include "live_segments.hpp"
#include "optional_branches.hpp"
#include "picture_filler.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "segment_files.hpp"
#include "source_patience.hpp"
#include "tracks.hpp"

namespace launcher {

/// What a PipelineRun tells its owner, always from the main loop. The owner may destroy the PipelineRun in `failed` and
/// `ended`.
struct PipelineRunEvents {
  std::function<void(const Failure&)> failed;
  std::function<void()> ended;  ///< end of stream reached every sink
  /// An element's own message, and its name.
  std::function<void(const std::string& element, const GstStructure*)> announced;
};

/// All of it runs on the main loop's thread. Destroying it takes it down.
class PipelineRun {
 public:
  /// flv: what the muxers named under [playback] feed, by recipient; empty if none is.
  /// Throws ConfigError if the description cannot be built, or lacks an element that the file refers to.
  PipelineRun(const StreamConfig& config, PipelineRunEvents events, const FlvHubs& flv);
  ~PipelineRun();
  PipelineRun(const PipelineRun&) = delete;
  PipelineRun& operator=(const PipelineRun&) = delete;

  /// Starts it; errors arrive as events.
  void play();

  /// Sends an end of stream, from another thread, because a blocked element would block the sender.
  void end();

  /// Sets the pipeline to NULL, which takes as long as its elements do. Nothing else may follow. Returns what an
  /// element could not save, such as records of the audit log; empty if nothing is lost.
  std::string take_down();

  /// Time since a buffer last reached a sink; nothing before the first one.
  std::optional<Seconds> silence() const;

  /// Why a stream that was started at `began` (g_get_monotonic_time()), after so many tries in which nothing came,
  /// counts as dead; empty if it does not.
  std::string stall(const RestartSettings& settings, gint64 began, unsigned silent_tries) const;

  /// True if more than a server's greeting has come from a source.
  bool heard() const;

  /// Call this regularly. A picture that cannot be read is a failure. Gives up optional branches; a branch whose input
  /// appears after that is a failure.
  void check_input(Seconds wait);

  /// True if a branch that was given up has input now.
  bool has_late_branch() const { return !branches_->appeared().empty(); }

  /// True if it writes a file, which needs its end of stream.
  bool writes_files() const;

  void set_measured_rate(double frames_per_second);

  /// Makes the next frame of a recipient's copy a key frame, where the file names the encoder.
  void request_key_frame(const std::string& recipient);

  /// Frames that have left the encoder named under [rate], in a fan-out the first recipient's; 0 without one.
  std::uint64_t frames_out() const { return copies_.front().rate ? copies_.front().rate->frames_out() : 0; }

  /// With the first frame that carries `id`, the recipient's recorded address becomes `address`. Nothing without
  /// [control] client-ip.
  void set_client(const std::string& recipient, const std::string& id, const std::string& address);

  GstBin* bin() const { return GST_BIN(pipeline_.get()); }

 private:
  /// What belongs to one recipient, or to everybody without a fan-out; null where the file names no such element.
  struct Copy {
    std::string recipient;
    std::unique_ptr<EncoderRate> rate;
    std::unique_ptr<EncoderColour> colour;
    std::unique_ptr<PictureFiller> filler;
    std::unique_ptr<ClientAddress> client;
    std::unique_ptr<FlvTap> flv;
  };
  Copy copy_for(const std::string& recipient, const StreamConfig& config, const FlvHubs& flv) const;
  void watch_sinks();
  void stop_sinks();
  void watch_sources();
  /// Logs the warnings of elements that stop, and returns their errors.
  static std::string last_words(GstBus* bus);
  bool handle(GstMessage* message);
  static gboolean on_message(GstBus* bus, GstMessage* message, gpointer self);
  static GstPadProbeReturn on_source_data(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn on_sink_data(GstPad* pad, GstPadProbeInfo* info, gpointer self);

  PipelineRunEvents events_;
  gststeg::Ptr<GstElement> pipeline_;
  std::vector<Copy> copies_;  ///< at least one
  std::unique_ptr<OptionalBranches> branches_;
  FlvWatch flv_input_;
  std::unique_ptr<Tracks> tracks_;
  SegmentFiles segment_files_;
  std::unique_ptr<LiveSegments> segments_;  ///< null where the file does not ask for it
  bool is_down_ = false;
  std::atomic<gint64> last_data_{0};  ///< monotonic time, microseconds; 0: none yet

  mutable std::mutex source_mutex_;  ///< guards what follows
  SourcePatience source_;
  std::optional<Seconds> waiting_since_;  ///< of the first data from a source after which none has reached a sink
};

}  // namespace launcher
