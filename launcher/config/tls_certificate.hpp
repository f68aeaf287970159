// The certificate that the HTTP and the RTSP server show.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gio/gio.h>

#include <memory>

#include "launch_config.hpp"
#include "launcher/base/unref_object.hpp"

namespace launcher {

using Certificate = std::unique_ptr<GTlsCertificate, UnrefObject>;

/// Null if the settings name none. Throws ConfigError if it cannot be read.
Certificate read_certificate(const ServerSettings& settings);

}  // namespace launcher
