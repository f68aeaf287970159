// The command line of steg-audit.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "launcher/base/command_line.hpp"

namespace auditor {

using Options = launcher::CommandLine;
using launcher::UsageError;

}  // namespace auditor
