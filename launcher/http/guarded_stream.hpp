// A connection whose first request is looked at before libsoup reads it (request_head.hpp).
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gio/gio.h>

namespace launcher {

/// Reads and writes go through to `base`, which is closed with the stream; reading fails where RequestHead says so.
GIOStream* guarded_stream_new(GIOStream* base);

/// Takes the reference to what libsoup gives up of such a stream. Returns one to the base, which is then nobody else's
/// to close.
GIOStream* take_base_stream(GIOStream* stream);

}  // namespace launcher
