// The commands of steg-audit: each reads its own part of the command line. They throw UsageError for a wrong call, and
// audit::AuditError or steg::KeyError where something cannot be done.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace auditor {

enum ExitStatus { kGood = 0, kNotIntact = 1, kFailed = 2 };

int list(int argc, char** argv);
int verify(int argc, char** argv);
int keygen(int argc, char** argv);

}  // namespace auditor
