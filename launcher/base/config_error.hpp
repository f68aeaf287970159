// The error for what a user has written.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <stdexcept>

namespace launcher {

/// Something in a pipeline file or on the command line that cannot be used. what() says where, what and what to do.
class ConfigError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace launcher
