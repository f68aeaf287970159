// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temporary_file.hpp"

#include <glib.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

#include "gst_ptr.hpp"

namespace launcher {

TemporaryFile::TemporaryFile() {
  gchar* path = nullptr;
  GError* error = nullptr;
  descriptor_ = g_file_open_tmp("steg-launch-XXXXXX", &path, &error);
  const gststeg::Ptr<gchar> owned_path(path);
  const gststeg::Ptr<GError> owned_error(error);
  if (descriptor_ < 0) throw std::runtime_error(std::string("No temporary file can be made: ") + error->message);
  path_ = path;
}

TemporaryFile::~TemporaryFile() {
  close(descriptor_);
  unlink(path_.c_str());
}

bool TemporaryFile::write(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const char*>(data);
  while (whole_ && size > 0) {
    const ssize_t written = ::write(descriptor_, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      whole_ = false;
    } else {
      bytes += written;
      size -= static_cast<std::size_t>(written);
    }
  }
  return whole_;
}

}  // namespace launcher
