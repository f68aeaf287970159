// SPDX-License-Identifier: LGPL-2.1-or-later
#include "services.hpp"

namespace launcher {
namespace {

Reply play(const Supervisor& stream) {
  return problem(SOUP_STATUS_NOT_FOUND,
                 "The stream '" + stream.name() + "' has no FLV to play: add flv=ELEMENT to a [playback] group.");
}

}  // namespace

void add_playback_routes(HttpServer& server, Streams& streams) {
  server.add({{"GET", "/live.flv"}, [&](Request& request) { return play(stream_of(request, streams)); }});
}

}  // namespace launcher
