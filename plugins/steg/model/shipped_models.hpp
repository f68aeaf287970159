// The networks that this program came with.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace steg {

/// Whether the file of that fingerprint is one of them.
bool is_shipped_model(const std::string& fingerprint);

/// What to say of any other: a model is a program, which does what its maker wants.
std::string foreign_model_warning(const std::string& path);

}  // namespace steg
