// SPDX-License-Identifier: LGPL-2.1-or-later
#include "butteraugli.hpp"

#include <glib.h>

#include <sstream>
#include <stdexcept>

#include "plugins/common/gst_ptr.hpp"
#include "process.hpp"

namespace robustness {
namespace {

constexpr char kProgram[] = "butteraugli_main";

}  // namespace

std::string why_no_butteraugli() {
  const gststeg::Ptr<gchar> found(g_find_program_in_path(kProgram));
  return found ? ""
               : "Butteraugli was not measured: butteraugli_main is not on PATH. Install Debian's libjxl-devtools.";
}

Butteraugli butteraugli(const std::filesystem::path& original, const std::filesystem::path& changed) {
  const Output output = read_program({kProgram, original.string(), changed.string()});
  if (output.status != 0)
    throw std::runtime_error("butteraugli_main cannot compare " + original.string() + " with " + changed.string());
  return parse_butteraugli(output.text);
}

Butteraugli parse_butteraugli(const std::string& text) {
  std::istringstream words(text);
  Butteraugli distance;
  std::string name;
  if (!(words >> distance.maximum >> name >> distance.norm3) || name != "3-norm:")
    throw std::runtime_error("butteraugli_main wrote \"" + text + "\" and not the two numbers that are known here");
  return distance;
}

}  // namespace robustness
