// Puts the mark into pictures, fresh or from what was done to an earlier one.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "id_patterns.hpp"
#include "picture_look.hpp"
#include "plugins/common/action.hpp"
#include "plugins/steg/model/encoder.hpp"
#include "plugins/steg/watermark/picture_grid.hpp"
#include "plugins/steg/watermark/picture_view.hpp"
#include "plugins/steg/watermark/residual_gain.hpp"

namespace steg {

/// What is known of a picture's likeness to earlier ones.
struct Likeness {
  bool duplicate;           ///< it is nearly the same as the picture `reference`
  std::uint64_t reference;  ///< of a picture that is no duplicate: its own number
};

enum class OnDuplicate {
  repeat,    ///< the last output again, whole
  residual,  ///< the last residual onto this picture
  encode,    ///< no difference is made
};

struct MarkRequest {
  std::shared_ptr<IdPatterns> patterns;  ///< of the size that size() says
  int epoch = 0;
  float strength = 1.0F;
  OnDuplicate on_duplicate = OnDuplicate::repeat;
  int residual_interval = 1;         ///< for so many pictures of a scene one residual may serve, see residual_serves()
  std::optional<Likeness> likeness;  ///< nothing is taken for a duplicate without it
};

/// Marks a sequence of pictures of one shape. For use from one thread.
class Marker {
 public:
  explicit Marker(std::shared_ptr<Encoder> encoder);

  /// Throws GridError; the shape is then as before. Forgets the last output.
  void set_picture_shape(const PictureShape& shape);
  PatternSize size() const { return {grid_->size(), grid_->pixels_per_cell()}; }

  /// Whether the last output may be sent again instead of marking this picture.
  bool repeats_last(const MarkRequest& request) const;

  /// Writes the marked picture to `to`, all samples of it; `to` may be the picture itself. Both have the shape that was
  /// set. `shared`: what others who mark the same picture see of it, too; null if there is nobody else. Throws
  /// ModelError; `to` is then as before and must not be sent.
  Action mark(const PictureView& picture, const WritablePicture& to, const MarkRequest& request, PictureLook* shared);

  /// Call where the pictures to come have nothing to do with those before: no output is repeated across it.
  void forget_last();

 private:
  /// What a later duplicate may be made from: residual_, and the output for those who kept it.
  struct Last {
    std::shared_ptr<IdPatterns> patterns;
    int epoch;
    float strength;
    std::uint64_t reference;
  };

  /// What residual_ was made for.
  struct Made {
    std::shared_ptr<IdPatterns> patterns;
    int epoch;
    bool key_frame;
    int pictures;  ///< that got it
  };

  bool like_last(const MarkRequest& request) const;
  /// Makes residual_. Returns whether it has the gain of a key frame.
  bool make_residual(const float* cells, PictureLook& look, const MarkRequest& request, bool new_pattern);
  /// Whether residual_ was made for the pattern that is asked for.
  bool same_pattern(const MarkRequest& request) const;
  /// Whether residual_ fits the picture of these cells: it was made for the same pattern, not too long ago,
  /// and for about the same scene; and not for a key frame, which gets more than others may.
  bool residual_serves(const MarkRequest& request, const float* cells) const;

  std::shared_ptr<Encoder> encoder_;
  std::optional<PictureGrid> grid_;
  std::optional<ResidualGain> residual_gain_;
  PictureLook own_look_;
  const float* residual_ = nullptr;  ///< the last one, the encoder's own or in scaled_
  std::vector<float> scaled_;
  std::optional<Last> last_;
  std::optional<Made> made_;
};

}  // namespace steg
