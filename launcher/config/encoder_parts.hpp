// The [encoder NAME] groups of a pipeline file: parts of its description, of which the variable `encoder` chooses one.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>

#include "description.hpp"
#include "group_reader.hpp"

namespace launcher {

/// Whether GStreamer has an element of that name.
using HasElement = std::function<bool(const std::string& element)>;

/// Makes a file without [encoder NAME] groups of one that has some: `${encoder}` in [pipeline] becomes the part of the
/// first encoder whose element is there, of the names in the variable `encoder`, separated by `;`. That variable goes,
/// and so do those that only parts of other encoders use, here and in `overrides` (from --set). Does nothing where
/// there are no such groups; where the description has no `${encoder}`, they and the variable go. Throws ConfigError
/// for a group that is wrong, a name without a group, and where no element is there: that says what each needs.
void put_in_encoder(Groups& groups, Variables& overrides, const HasElement& has_element);

}  // namespace launcher
