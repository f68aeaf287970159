// Prints the variants that a viewer gets, a letter each.
//   ab-pattern KEY-FILE VARIANTS arcsine|uniform VIEWER FIRST COUNT
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdio>
#include <exception>
#include <string>

#include "plugins/steg/sequences/pattern_name.hpp"

int main(int argc, char** argv) {
  if (argc != 7) return 2;
  try {
    const steg::Sequences sequences(steg::Key::from_file(argv[1]), std::stoi(argv[2]), steg::bias_of(argv[3]).value());
    for (const std::uint8_t variant :
         sequences.pattern(argv[4], static_cast<std::uint32_t>(std::stoul(argv[5])), std::stoul(argv[6])))
      std::putchar('a' + variant);
    std::putchar('\n');
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
