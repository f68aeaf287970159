// SPDX-License-Identifier: LGPL-2.1-or-later
#include "marker.hpp"

#include <utility>

namespace steg {

namespace {

/// Mean change of luma, in 8-bit levels, above which a residual made for one picture may be seen in the other: cuts
/// have some tens, fast pans less than ten.
constexpr float kSceneChange = 12.0F;

}  // namespace

Marker::Marker(std::shared_ptr<Encoder> encoder) : encoder_(std::move(encoder)) {}

void Marker::set_picture_shape(const PictureShape& shape) {
  grid_.emplace(PictureGrid(shape, encoder_->contract().planes));
  residual_gain_.emplace(grid_->layout(), grid_->pixels_per_cell());
  forget_last();
}

void Marker::forget_last() {
  last_.reset();
  made_.reset();
  if (residual_gain_) residual_gain_->reset();
}

bool Marker::like_last(const MarkRequest& request) const {
  if (!last_ || !request.likeness || !request.likeness->duplicate) return false;
  // Duplicates of one and the same picture repeat each other, too: after a change of epoch within a still scene the
  // first of them is encoded, and the rest repeat that one.
  return last_->reference == request.likeness->reference && last_->patterns->id() == request.patterns->id() &&
         last_->epoch == request.epoch && last_->strength == request.strength;
}

bool Marker::repeats_last(const MarkRequest& request) const {
  return request.on_duplicate == OnDuplicate::repeat && like_last(request);
}

bool Marker::same_pattern(const MarkRequest& request) const {
  return made_ && made_->patterns == request.patterns && made_->epoch == request.epoch;
}

bool Marker::residual_serves(const MarkRequest& request, const float* cells) const {
  return same_pattern(request) && !made_->key_frame && made_->pictures < request.residual_interval &&
         residual_gain_->change(cells) <= kSceneChange;
}

bool Marker::make_residual(const float* cells, PictureLook& look, const MarkRequest& request, bool new_pattern) {
  const Context& context =
      look.context([&](std::unique_ptr<Context>& out) { encoder_->look(cells, grid_->size(), out); });
  residual_ = encoder_->residual(context, *request.patterns->pattern(request.epoch), grid_->size());
  if (!encoder_->contract().sets_strength()) {
    scaled_.assign(residual_, residual_ + grid_->layout().cells());
    residual_ = scaled_.data();
    return residual_gain_->apply(cells, scaled_.data(), new_pattern);
  }
  if (request.residual_interval > 1) {
    residual_gain_->see(cells);
  } else {
    residual_gain_->reset();
  }
  return false;
}

Action Marker::mark(const PictureView& picture, const WritablePicture& to, const MarkRequest& request,
                    PictureLook* shared) {
  if (request.on_duplicate == OnDuplicate::residual && like_last(request)) {
    grid_->add_residual(picture, to, residual_, request.strength);
    return Action::residual;
  }
  last_.reset();
  if (!shared) own_look_.forget();
  PictureLook& look = shared ? *shared : own_look_;
  const float* cells = look.cells(grid_->layout().cells(), [&](float* out) { grid_->average_down(picture, out); });
  const bool serves = residual_serves(request, cells);
  if (serves) {
    made_->pictures += 1;
  } else {
    // With a new pattern a video encoder is asked for a key frame.
    const bool new_pattern = !same_pattern(request);
    made_.reset();
    const bool key_frame = make_residual(cells, look, request, new_pattern);
    made_ = Made{request.patterns, request.epoch, key_frame, 1};
  }
  grid_->add_residual(picture, to, residual_, request.strength);
  if (request.likeness && request.on_duplicate != OnDuplicate::encode)
    last_ = Last{request.patterns, request.epoch, request.strength, request.likeness->reference};
  return serves ? Action::residual : Action::encode;
}

}  // namespace steg
