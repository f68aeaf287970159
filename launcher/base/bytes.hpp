// Bytes that several readers share.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <glib.h>

#include <memory>
#include <string>

namespace launcher {

struct UnrefBytes {
  void operator()(GBytes* bytes) const { g_bytes_unref(bytes); }
};
/// Owns one reference.
using Bytes = std::unique_ptr<GBytes, UnrefBytes>;

inline Bytes share(const Bytes& bytes) { return Bytes(g_bytes_ref(bytes.get())); }
inline Bytes to_bytes(const std::string& text) { return Bytes(g_bytes_new(text.data(), text.size())); }

}  // namespace launcher
