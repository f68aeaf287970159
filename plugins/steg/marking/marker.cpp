// SPDX-License-Identifier: LGPL-2.1-or-later
#include "marker.hpp"

#include <cstring>
#include <utility>

namespace steg {

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

void Marker::set_picture_size(int width, int height) {
  grid_.emplace(LumaGrid(width, height));
  const auto cells = static_cast<std::size_t>(grid_->size().cells());
  cells_.resize(cells);
  residual_.resize(cells);
  forget_last();
}

void Marker::forget_last() { last_.reset(); }

bool Marker::repeats_last(const MarkRequest& request) const {
  if (!last_ || !request.likeness || !request.likeness->duplicate) return false;
  // Duplicates of one and the same picture repeat each other, too: after a change of epoch within a still scene the
  // first of them is encoded, and the rest repeat that one.
  return last_->reference == request.likeness->reference && last_->patterns->id() == request.patterns->id() &&
         last_->epoch == request.epoch && last_->strength == request.strength;
}

Action Marker::mark(const Picture& picture, const MarkRequest& request) {
  const Plane& luma = picture.front();
  if (repeats_last(request)) {
    if (request.on_duplicate == OnDuplicate::repeat && last_->has_picture) {
      restore_picture(picture);
      return Action::repeat;
    }
    if (request.on_duplicate == OnDuplicate::residual) {
      grid_->add_residual(luma.data, luma.stride, residual_.data(), request.strength);
      return Action::residual;
    }
  }
  last_.reset();
  grid_->average_down(luma.data, luma.stride, cells_.data());
  encoder_->residual(cells_.data(), request.patterns->pattern(request.epoch), grid_->size(), residual_.data());
  grid_->add_residual(luma.data, luma.stride, residual_.data(), request.strength);
  if (request.likeness && request.on_duplicate != OnDuplicate::encode) {
    const bool keep = request.on_duplicate == OnDuplicate::repeat;
    if (keep) keep_picture(picture);
    last_ = Last{request.patterns, request.epoch, request.strength, request.likeness->reference, keep};
  }
  return Action::encode;
}

void Marker::keep_picture(const Picture& picture) {
  std::size_t bytes = 0;
  for (const Plane& plane : picture)
    bytes += static_cast<std::size_t>(plane.row_bytes) * static_cast<std::size_t>(plane.rows);
  picture_.resize(bytes);
  std::uint8_t* to = picture_.data();
  for (const Plane& plane : picture) {
    for (int y = 0; y < plane.rows; ++y, to += plane.row_bytes)
      std::memcpy(to, plane.data + y * plane.stride, static_cast<std::size_t>(plane.row_bytes));
  }
}

void Marker::restore_picture(const Picture& picture) const {
  const std::uint8_t* from = picture_.data();
  for (const Plane& plane : picture) {
    for (int y = 0; y < plane.rows; ++y, from += plane.row_bytes)
      std::memcpy(plane.data + y * plane.stride, from, static_cast<std::size_t>(plane.row_bytes));
  }
}

}  // namespace steg
