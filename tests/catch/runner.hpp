// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

/// Runs the test cases that `argv` asks for, by Catch2. Returns the exit status, 0 if none failed.
int run_tests(int argc, char** argv);
