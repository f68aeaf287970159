// Frames of copies as RGB pictures, all converted alike.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "clip.hpp"

namespace robustness {

/// Frames of one copy of a clip: planes only. What a file says of its colours or of where its chroma lies is left
/// behind, so that all copies of a clip are turned into RGB in the same way, the clip's own.
class FramePictures {
 public:
  /// `numbers`: of the frames, from 0, ascending. Sides are made even, as encoders want them. Writes into `folder`
  /// files whose names begin with `name`. Throws std::runtime_error if `copy` does not have all these frames.
  FramePictures(const Clip& clip, const std::filesystem::path& copy, std::vector<int> numbers,
                const std::filesystem::path& folder, const std::string& name);

  /// PNG files, in the order of the numbers. `filter`: in ffmpeg's words, on RGB; may be empty. The files are written
  /// over by the next call. Throws std::runtime_error.
  std::vector<std::filesystem::path> png(const std::string& filter) const;

 private:
  std::string size_;
  std::string to_rgb_;  ///< a filter
  std::size_t count_;
  std::filesystem::path planes_, folder_;
  std::string name_;
};

}  // namespace robustness
