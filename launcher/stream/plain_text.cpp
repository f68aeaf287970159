// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plain_text.hpp"

#include <utility>

namespace launcher {
namespace {

constexpr std::pair<std::string_view, char> kEntities[] = {{"&amp;", '&'},  {"&lt;", '<'},    {"&gt;", '>'},
                                                           {"&quot;", '"'}, {"&apos;", '\''}, {"&#39;", '\''}};

}  // namespace

std::string plain_text(std::string_view markup) {
  std::string plain;
  while (!markup.empty()) {
    std::size_t used = 1;
    const std::size_t end = markup[0] == '<' ? markup.find('>') : std::string_view::npos;
    if (end != std::string_view::npos) {
      used = end + 1;
    } else {
      char c = markup[0];
      for (const auto& [entity, meaning] : kEntities) {
        if (markup.substr(0, entity.size()) != entity) continue;
        c = meaning;
        used = entity.size();
      }
      plain += c;
    }
    markup.remove_prefix(used);
  }
  return plain;
}

}  // namespace launcher
