// What one file carries.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ab_trace.hpp"
#include "extractors.hpp"
#include "frame_reader.hpp"
#include "max_pixels.hpp"
#include "plugins/common/crypto/key.hpp"
#include "segmenter.hpp"

namespace trace {

struct TraceOptions {
  double max_p_value = steg::kDefaultMaxPValue;
  double rate = 10.0;                              ///< frames taken in a second of video, at most
  const steg::IssuedIds* issued = nullptr;         ///< from the audit log
  bool thorough = false;                           ///< decode and look at all, also where fewer say the same
  bool search = true;                              ///< for the picture, where the whole copy as it is carries no mark
  int threads = 1;                                 ///< of the network and the search
  std::function<void(double)> progress;            ///< of the search, 0 to 1; may be empty
  std::function<void(const std::string&)> report;  ///< gets each step, in words; may be empty
  bool pictures = false;                           ///< take thumbnails for a report
  steg::DayClock clock{};                          ///< of the epochs that marks change with
  std::int64_t max_pixels = kDefaultMaxPixels;     ///< of a frame; nothing larger is decoded
  double patience = 0;                             ///< seconds for which a file that grows may not; 0: it is whole
};

/// How a search found the marked picture.
struct Found {
  std::string how;     ///< for people, such as "mirrored"
  double pilot = 0.0;  ///< strength of the pilots there
  int position = 0;    ///< signatures were tried at that many places up to this one
};

/// A file of a network, and the start of its SHA-256.
struct Network {
  std::string path;
  std::string fingerprint;
};

/// What was found in a file.
struct FileTrace {
  std::string file;
  std::string error;    ///< why nothing could be read; the rest is then empty
  std::string warning;  ///< why the file was read in part
  int width = 0;        ///< of the first frame, pixels
  int height = 0;
  double duration = 0.0;   ///< seconds, by the frames decoded
  std::size_t frames = 0;  ///< taken
  int films = 0;           ///< video tracks
  std::vector<Segment> segments;
  std::optional<AbTrace> ab;       ///< if the copy is proved to show segments of an A/B stream
  std::optional<Found> found;      ///< if what was read comes from a search
  std::optional<Network> earlier;  ///< the network that read it, if it is not the newest

  bool has_mark() const { return !segments.empty() || ab; }
};

/// Traces a file, with the networks in turn until one reads it, see Plan. Does not throw for files that cannot be read:
/// see FileTrace::error. Throws steg::ModelError.
FileTrace trace_file(const std::string& file, const steg::Key& key, Extractors& extractors,
                     const TraceOptions& options);

/// Begins a pass through one of the video tracks, from 0. Throws MediaError.
using OpenFrames = std::function<std::unique_ptr<FrameReader>(int film)>;

/// The same of frames that come from elsewhere; FileTrace::file is `name`.
FileTrace trace_frames(const std::string& name, const OpenFrames& open, const steg::Key& key, Extractors& extractors,
                       const TraceOptions& options);

}  // namespace trace
