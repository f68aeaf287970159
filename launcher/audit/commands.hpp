// The commands of steg-audit: each reads its own part of the command line. They throw UsageError for a wrong call, and
// audit::AuditError or steg::KeyError where something cannot be done.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace auditor {

enum ExitStatus { kGood = 0, kNotIntact = 1, kFailed = 2 };

int list(int argc, char** argv);
int verify(int argc, char** argv);
int checkpoint(int argc, char** argv);
int export_case(int argc, char** argv);
int check_export(int argc, char** argv);
int purge(int argc, char** argv);
int anonymise(int argc, char** argv);
int migrate(int argc, char** argv);
int keygen(int argc, char** argv);
int print_public_key(int argc, char** argv);
int token(int argc, char** argv);
int print_token_key(int argc, char** argv);
int pace_info(int argc, char** argv);

}  // namespace auditor
