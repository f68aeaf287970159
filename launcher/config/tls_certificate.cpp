// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tls_certificate.hpp"

#include "launcher/base/config_error.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {

Certificate read_certificate(const ServerSettings& settings) {
  if (!settings.has_tls()) return nullptr;
  GError* raw_error = nullptr;
  Certificate certificate(
      g_tls_certificate_new_from_files(settings.tls_certificate.c_str(), settings.tls_key.c_str(), &raw_error));
  if (!certificate) {
    const gststeg::Ptr<GError> error(raw_error);
    throw ConfigError("[control] tls-certificate, tls-key: " + std::string(error->message) +
                      "; both must be PEM files, and the package glib-networking must be installed");
  }
  return certificate;
}

}  // namespace launcher
