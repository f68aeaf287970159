// A connection that was taken from the server and that bytes are pushed into for as long as it lasts.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <libsoup/soup.h>

#include <functional>
#include <memory>
#include <string>

#include "launcher/base/bytes.hpp"
#include "launcher/base/unref_object.hpp"
#include "launcher/playback/backlog.hpp"
#include "launcher/playback/outlet.hpp"

namespace launcher {

/// Runs on the main loop's thread. Whoever does not read fast enough is cut off, so that nobody has to wait and no
/// memory piles up.
class PushConnection : public Outlet, public std::enable_shared_from_this<PushConnection> {
 public:
  /// What the client sends; false: close the connection.
  using Reader = std::function<bool(PushConnection& self, const char* data, std::size_t size)>;

  /// Takes the connection of a request; `head` is all of the answer up to its body. largest_backlog: bytes that may
  /// wait for the client.
  static std::shared_ptr<PushConnection> take(SoupServerMessage* message, const std::string& head,
                                              std::size_t largest_backlog, Reader reader);
  /// The same with status 200 and `headers` (lines that each end in CRLF); what the client sends is passed over.
  static std::shared_ptr<PushConnection> answer(SoupServerMessage* message, const std::string& headers,
                                                std::size_t largest_backlog);

  bool push(Bytes bytes) override;
  void close() override;
  bool is_open() const override { return !g_cancellable_is_cancelled(cancel_.get()); }

 private:
  PushConnection(GIOStream* stream, std::size_t largest_backlog, Reader reader);
  void write_next();
  void watch();
  static void on_written(GObject* output, GAsyncResult* result, gpointer self);
  static void on_read(GObject* input, GAsyncResult* result, gpointer self);

  std::unique_ptr<GIOStream, UnrefObject> stream_;
  std::unique_ptr<GCancellable, UnrefObject> cancel_;
  Backlog backlog_;
  bool writing_ = false;
  Reader reader_;
  char input_[256] = {};
};

}  // namespace launcher
