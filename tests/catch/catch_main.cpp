// main() of the test programs that need no more.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "runner.hpp"

int main(int argc, char** argv) { return run_tests(argc, argv); }
