// SPDX-License-Identifier: LGPL-2.1-or-later
#include "marker.hpp"

#include <utility>

namespace steg {

namespace {

/// Mean change of luma, in 8-bit levels, above which a residual made for one picture may be seen in the other: cuts
/// have some tens, fast pans less than ten.
constexpr float kSceneChange = 12.0F;

}  // namespace

const char* action_name(Action action) {
  switch (action) {
    case Action::repeat:
      return "repeat";
    case Action::residual:
      return "residual";
    case Action::encode:
      break;
  }
  return "encode";
}

Marker::Marker(std::shared_ptr<Encoder> encoder) : encoder_(std::move(encoder)) {}

void Marker::set_picture_shape(const PictureShape& shape) {
  grid_.emplace(PictureGrid(shape, encoder_->contract().planes));
  residual_gain_.emplace(grid_->layout(), grid_->pixels_per_cell());
  cells_.resize(grid_->layout().cells());
  residual_.resize(cells_.size());
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

bool Marker::residual_serves(const MarkRequest& request) const {
  return same_pattern(request) && !made_->key_frame && made_->pictures < request.residual_interval &&
         residual_gain_->change(cells_.data()) <= kSceneChange;
}

Action Marker::mark(const WritablePicture& picture, const MarkRequest& request) {
  if (request.on_duplicate == OnDuplicate::residual && like_last(request)) {
    grid_->add_residual(picture, residual_.data(), request.strength);
    return Action::residual;
  }
  last_.reset();
  grid_->average_down(picture, cells_.data());
  const bool serves = residual_serves(request);
  if (serves) {
    made_->pictures += 1;
  } else {
    // With a new pattern a video encoder is asked for a key frame.
    const bool new_pattern = !same_pattern(request);
    made_.reset();
    encoder_->residual(cells_.data(), *request.patterns->pattern(request.epoch), grid_->size(), residual_.data());
    const bool key_frame = residual_gain_->apply(cells_.data(), residual_.data(), new_pattern);
    made_ = Made{request.patterns, request.epoch, key_frame, 1};
  }
  grid_->add_residual(picture, residual_.data(), request.strength);
  if (request.likeness && request.on_duplicate != OnDuplicate::encode)
    last_ = Last{request.patterns, request.epoch, request.strength, request.likeness->reference};
  return serves ? Action::residual : Action::encode;
}

}  // namespace steg
