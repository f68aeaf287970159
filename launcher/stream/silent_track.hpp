// What becomes of a track of sound that brings nothing, without which mp4mux writes a file that nothing opens.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <string>

namespace launcher {

/// Watches one track from `head`, where it comes from the demuxer, to `tail`, from where it goes into the muxer. If it
/// ends without data, the muxer gets an empty track of AAC, and the log says so. If there was data and nothing came of
/// it, that is an error of `demuxer`, and the end does not reach the muxer. `name` begins both sentences and ends with
/// a blank.
void watch_silence(GstElement* demuxer, GstPad* head, GstPad* tail, const std::string& name);

}  // namespace launcher
