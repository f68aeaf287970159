// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>

#include "plugins/common/gst_ptr.hpp"
#include "program.hpp"
#include "services.hpp"

namespace launcher {
namespace {

constexpr ProgramLimits kDrawing{20, 60, std::size_t{1} << 30};

std::string dot_of(const Supervisor& stream) {
  if (!stream.bin()) {
    throw Refusal(SOUP_STATUS_NOT_FOUND, "There is no pipeline while the stream is stopped: start it with GET /pull.");
  }
  // Without properties: they hold passwords and paths.
  const auto details = static_cast<GstDebugGraphDetails>(
      GST_DEBUG_GRAPH_SHOW_MEDIA_TYPE | GST_DEBUG_GRAPH_SHOW_CAPS_DETAILS | GST_DEBUG_GRAPH_SHOW_STATES);
  const gststeg::Ptr<gchar> dot(gst_debug_bin_to_dot_data(stream.bin(), details));
  return dot.get();
}

std::optional<Reply> draw(SoupServerMessage* message, const std::string& dot) {
  const gststeg::Ptr<gchar> program(g_find_program_in_path("dot"));
  if (!program) {
    return problem(SOUP_STATUS_NOT_IMPLEMENTED,
                   "The picture is drawn by graphviz's program 'dot', which is not installed here: install graphviz, "
                   "or draw /graph.dot elsewhere.");
  }
  const auto pending = std::make_shared<PendingReply>(message);
  try {
    run_program({program.get(), "-Tsvg"}, {to_bytes(dot)}, kDrawing, [pending](const ProgramResult& result) {
      if (result.exit_status == 0) {
        pending->answer({SOUP_STATUS_OK, result.output, "image/svg+xml"});
      } else {
        pending->answer(
            problem(SOUP_STATUS_INTERNAL_SERVER_ERROR, "dot could not draw the pipeline: " + result.errors));
      }
    });
  } catch (const std::runtime_error& error) {
    pending->answer(problem(SOUP_STATUS_INTERNAL_SERVER_ERROR, error.what()));
  }
  return std::nullopt;
}

}  // namespace

void add_graph_routes(HttpServer& server, Streams& streams) {
  server.add({{"GET", "/graph.svg"},
              [&](Request& request) { return draw(request.message, dot_of(stream_of(request, streams))); }});
  server.add({{"GET", "/graph.dot"}, [&](Request& request) {
                return Reply{SOUP_STATUS_OK, dot_of(stream_of(request, streams)), "text/vnd.graphviz"};
              }});
}

}  // namespace launcher
