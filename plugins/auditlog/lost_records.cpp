// SPDX-License-Identifier: LGPL-2.1-or-later
#include "lost_records.hpp"

#include <map>
#include <utility>

#include "line_text.hpp"

namespace audit {

namespace {

/// A message must stay readable; the last line says up to when there are more.
constexpr std::size_t kMostListed = 100;

struct Loss {
  Event last;             ///< the latest event: it knows most
  bool is_whole = false;  ///< the record's beginning is lost, too
};

std::string line(const Loss& loss) {
  const Event& event = loss.last;
  return join_line({event.id}) + " for " + (event.client_ip.empty() ? "no address" : join_line({event.client_ip})) +
         ", " + event.first_time + " to " + event.last_time + ", " +
         std::to_string(event.encoded + event.repeated + event.residual) + " frames" +
         (loss.is_whole ? "" : " (that it began is in the log)");
}

}  // namespace

std::string lost_records(const std::vector<Row>& events) {
  std::map<std::pair<std::string, std::int64_t>, Loss> losses;
  for (const Row& row : events) {
    const Event event = from_row(row);
    Loss& loss = losses[{event.session, event.record}];
    loss.last = event;
    loss.is_whole = loss.is_whole || event.kind == EventKind::open;
  }
  if (losses.empty()) return "";
  std::string text = std::to_string(losses.size()) + (losses.size() == 1 ? " record:" : " records:");
  std::size_t count = 0;
  for (const auto& [name, loss] : losses) {
    if (count++ == kMostListed) break;
    text += "\n" + line(loss);
  }
  if (losses.size() > kMostListed)
    text += "\nand " + std::to_string(losses.size() - kMostListed) + " more, the last until " +
            losses.rbegin()->second.last.last_time;
  return text;
}

}  // namespace audit
