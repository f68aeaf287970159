// SPDX-License-Identifier: LGPL-2.1-or-later
#include "conversion.hpp"

#include <tuple>
#include <utility>

#include "plugins/steg/watermark/field_blocks.hpp"

namespace steg_trace {
namespace {

static_assert(kTilesAcross == steg::FieldBlocks::kTilesAcross && kTilesDown == steg::FieldBlocks::kTilesDown);
static_assert(std::tuple_size_v<decltype(Segment::soft_bits)> == std::tuple_size_v<steg::SoftBits>);
static_assert(std::tuple_size_v<decltype(AbSegment::likelihoods)> == std::tuple_size_v<steg::VariantValues>);

Segment segment_of(trace::Segment inside) {
  steg::Reading& reading = inside.reading;
  Segment segment{inside.from,       inside.to,       inside.frames,       std::move(reading.id),
                  reading.signature, reading.log10_p, reading.bit_accuracy};
  segment.mixed = inside.mixed;
  if (inside.marked) segment.marked = MarkedTime{inside.marked->from, inside.marked->to};
  for (std::size_t i = 0; i < segment.outline.size(); ++i)
    segment.outline[i] = {inside.outline[i].x, inside.outline[i].y};
  segment.soft_bits = inside.soft_bits;
  segment.tiles = std::move(inside.tiles);
  segment.picture = {inside.thumbnail.time, std::move(inside.thumbnail.base64)};
  return segment;
}

AbState state_of(steg::SegmentState state) {
  if (state == steg::SegmentState::mixed) return AbState::mixed;
  return state == steg::SegmentState::read ? AbState::read : AbState::unread;
}

}  // namespace

AbStream ab_stream_of(trace::AbTrace inside) {
  AbStream ab;
  for (const steg::ShownSegment& shown : inside.segments) {
    ab.segments.push_back({shown.from, shown.to, shown.frames, shown.position, state_of(shown.reading.state),
                           shown.reading.variant, shown.reading.weight, shown.signature});
  }
  ab.signature = inside.signature;
  ab.log10_p = inside.log10_p;
  ab.viewers = inside.viewers;
  for (trace::ScoredViewer& viewer : inside.scored) {
    ab.scored.push_back({std::move(viewer.name), viewer.named, viewer.log10_p, viewer.leakers, viewer.first,
                         viewer.last, std::move(viewer.variants)});
  }
  ab.needed_of_one = inside.needed.of_one;
  ab.needed_of_two = inside.needed.of_two;
  ab.warning = std::move(inside.warning);
  return ab;
}

Findings findings_of(trace::FileTrace inside) {
  Findings findings;
  findings.file = std::move(inside.file);
  findings.error = std::move(inside.error);
  findings.warning = std::move(inside.warning);
  findings.width = inside.width;
  findings.height = inside.height;
  findings.duration = inside.duration;
  findings.frames = inside.frames;
  for (trace::Segment& segment : inside.segments) findings.segments.push_back(segment_of(std::move(segment)));
  if (inside.ab) findings.ab = ab_stream_of(std::move(*inside.ab));
  if (inside.found) findings.found = Found{std::move(inside.found->how), inside.found->pilot, inside.found->position};
  if (inside.earlier)
    findings.earlier = Network{std::move(inside.earlier->path), std::move(inside.earlier->fingerprint)};
  return findings;
}

}  // namespace steg_trace
