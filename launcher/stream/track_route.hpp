// How a track of the input gets into a muxer: as it is, by a parser, converted, or not at all.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <string>

namespace launcher {

struct TrackRoute {
  std::string elements;   ///< in gst-launch-1.0 syntax, the last one called tail, the first one head if it is another;
                          ///< empty: the track is left out
  GstPadTemplate* pad;    ///< of the muxer, owned by its class; null: the track is left out
  std::string note;       ///< what is done to it, for people; empty if it is passed on as it is
  bool markup = false;    ///< its text has Pango's markup, which must be taken off
  std::string refusal{};  ///< why the input is not taken at all, and what to do; else empty
};

/// The route of a track of sound or text with these caps.
TrackRoute route_of(GstElement* muxer, GstCaps* caps);

}  // namespace launcher
