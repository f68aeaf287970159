// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdio>

namespace trace {

/// For std::unique_ptr<std::FILE, FileCloser>.
struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }  // NOLINT(cppcoreguidelines-owning-memory)
};

}  // namespace trace
