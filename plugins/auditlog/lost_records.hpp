// What a stop could not save, in words.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "event.hpp"

namespace audit {

/// The records that these rows of events, which nothing has saved, would have completed: how many, and of each ID,
/// address, times and frames, so that people can note them elsewhere. Empty if there are none.
std::string lost_records(const std::vector<Row>& events);

}  // namespace audit
