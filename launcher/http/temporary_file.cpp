// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temporary_file.hpp"

#include <glib.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <utility>

#include "plugins/common/gst_ptr.hpp"

namespace launcher {

TemporaryFile::TemporaryFile(std::shared_ptr<FileBudget> budget) : budget_(std::move(budget)) {
  gchar* path = nullptr;
  GError* error = nullptr;
  descriptor_ = g_file_open_tmp("steg-launch-XXXXXX", &path, &error);
  const gststeg::Ptr<gchar> owned_path(path);
  const gststeg::Ptr<GError> owned_error(error);
  if (descriptor_ < 0) throw std::runtime_error(std::string("No temporary file can be made: ") + error->message);
  unlink(path);
}

TemporaryFile::~TemporaryFile() {
  budget_->left += size_;
  ::close(descriptor_);
}

void TemporaryFile::give_up(State state) {
  state_ = state;
  if (ftruncate(descriptor_, 0) == 0) budget_->left += std::exchange(size_, 0);
}

void TemporaryFile::write(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const char*>(data);
  if (state_ == State::whole && size > budget_->left) give_up(State::budget_spent);
  while (state_ == State::whole && size > 0) {
    const ssize_t written = ::write(descriptor_, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      give_up(State::disk_full);
    } else {
      const auto taken = static_cast<std::size_t>(written);
      bytes += taken;
      size -= taken;
      size_ += taken;
      budget_->left -= taken;
    }
  }
}

}  // namespace launcher
