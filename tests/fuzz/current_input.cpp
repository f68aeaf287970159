// SPDX-License-Identifier: LGPL-2.1-or-later
#include "current_input.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace fuzz {

CurrentInput::CurrentInput(std::string path)
    : path_(std::move(path)), file_(open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
  if (file_ < 0) throw std::runtime_error("The file " + path_ + " cannot be written.");
}

CurrentInput::~CurrentInput() {
  close(file_);
  unlink(path_.c_str());
}

void CurrentInput::set(const std::string& input) const {
  if (ftruncate(file_, 0) != 0 || pwrite(file_, input.data(), input.size(), 0) != static_cast<ssize_t>(input.size()))
    throw std::runtime_error("The file " + path_ + " cannot be written.");
}

}  // namespace fuzz
