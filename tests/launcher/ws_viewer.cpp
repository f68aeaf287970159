// Reads a WebSocket and writes the messages to standard output, for tests.
//   ws-viewer URL SECONDS [FROZEN]     FROZEN: seconds without reading first
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <libsoup/soup.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

GMainLoop* loop = nullptr;

void on_message(SoupWebsocketConnection*, gint, GBytes* message, gpointer) {
  gsize size = 0;
  const gconstpointer data = g_bytes_get_data(message, &size);
  std::fwrite(data, 1, size, stdout);
}

void on_connected(GObject* session, GAsyncResult* result, gpointer frozen) {
  GError* error = nullptr;
  SoupWebsocketConnection* connection = soup_session_websocket_connect_finish(SOUP_SESSION(session), result, &error);
  if (!connection) {
    std::fprintf(stderr, "%s\n", error->message);
    std::exit(1);
  }
  soup_websocket_connection_set_max_incoming_payload_size(connection, 0);
  g_signal_connect(connection, "message", G_CALLBACK(on_message), nullptr);
  g_signal_connect_swapped(connection, "closed", G_CALLBACK(g_main_loop_quit), loop);
  g_usleep(static_cast<gulong>(GPOINTER_TO_UINT(frozen)) * G_USEC_PER_SEC);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  loop = g_main_loop_new(nullptr, FALSE);
  SoupSession* session = soup_session_new();
  SoupMessage* message = soup_message_new(SOUP_METHOD_GET, argv[1]);
  const unsigned frozen = argc > 3 ? static_cast<unsigned>(std::stoul(argv[3])) : 0;
  soup_session_websocket_connect_async(session, message, nullptr, nullptr, G_PRIORITY_DEFAULT, nullptr, on_connected,
                                       GUINT_TO_POINTER(frozen));
  g_timeout_add_seconds(
      static_cast<guint>(std::stoul(argv[2])),
      [](gpointer) -> gboolean {
        g_main_loop_quit(loop);
        return G_SOURCE_REMOVE;
      },
      nullptr);
  g_main_loop_run(loop);
  g_object_unref(message);
  g_object_unref(session);
  g_main_loop_unref(loop);
  return 0;
}
