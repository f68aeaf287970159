// SPDX-License-Identifier: LGPL-2.1-or-later
#include "follow.hpp"

#include <cmath>
#include <optional>
#include <utility>

#include "frame_taker.hpp"
#include "looks.hpp"
#include "media_reader.hpp"

namespace trace {
namespace {

FileTrace follow(const std::string& file, const steg::Key& key, Extractors& extractors, const TraceOptions& options,
                 const std::vector<Viewers>& viewers, const Tell& tell) {
  MediaReader media(file, options.max_pixels, 0, options.patience);
  FrameTaker taker(key, extractors.at(0), options, Skimmer::Mode::all, nullptr, 1.0);
  Looks looks;
  std::optional<AbTrace> last;
  const auto look = [&](double time, std::optional<AbTrace> ab) {
    if (!ab || (ab->log10_p += std::log10(looks.tries())) > std::log10(options.max_p_value)) return;
    score(*ab, key, viewers, options.max_p_value, looks.tries());
    tell(time, *ab);
    last = std::move(ab);
  };
  const auto is_sure = [&last] { return last && !last->scored.empty() && last->scored.front().named; };
  const auto use = [&](const MediaFrame& frame) {
    taker.take(frame, 0.0, media.films());
    if (looks.due(taker.shown())) look(frame.time, taker.so_far());
  };
  while (!is_sure() && media.next(use)) continue;
  FileTrace result = taker.finish();
  result.file = file;
  if (!media.damage().empty()) result.warning = "The copy ended early (" + media.damage() + ").";
  if (!is_sure()) {
    looks.finish();
    look(result.duration, std::move(result.ab));
  }
  result.segments.clear();
  result.ab = std::move(last);
  return result;
}

}  // namespace

FileTrace follow_file(const std::string& file, const steg::Key& key, Extractors& extractors,
                      const TraceOptions& options, const std::vector<Viewers>& viewers, const Tell& tell) {
  FileTrace nothing;
  nothing.file = file;
  try {
    return follow(file, key, extractors, options, viewers, tell);
  } catch (const MediaError& error) {
    nothing.error = error.what();
  } catch (const steg::GridError& error) {
    nothing.error = error.what();
  }
  return nothing;
}

}  // namespace trace
