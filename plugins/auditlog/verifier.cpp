// SPDX-License-Identifier: LGPL-2.1-or-later
#include "verifier.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "verify_chain.hpp"

namespace audit {

namespace {

/// Rows that are read back at a time, and how often.
constexpr std::size_t kRows = 5000;
constexpr auto kInterval = std::chrono::seconds(10);

}  // namespace

Verifier::Verifier(std::string stream, const ChainKey& key, Listener listener, SharedStats& stats)
    : stream_(std::move(stream)), key_(key), listener_(std::move(listener)), stats_(stats) {}

void Verifier::begin_behind(const Head& before) {
  if (!verified_) verified_ = before;
}

void Verifier::read_back(Connection& connection, const Head& end) {
  if (!has_more(end)) return;
  ChainReport report = verify_after(connection, stream_, {key_}, *verified_, kRows);
  if (report.rows == 0) {
    report.findings.push_back({Finding::Kind::missing, verified_->seq + 1, end.seq,
                               "Rows from " + std::to_string(verified_->seq + 1) + " on are missing."});
    report.head = end;
  }
  std::uint64_t tampered = 0;
  for (const Finding& finding : report.findings) {
    // Rows that another program adds to this stream may be of another key.
    if (finding.kind == Finding::Kind::unknown_key) continue;
    tampered += 1;
    listener_.problem("In the database, the log of stream \"" + stream_ + "\" was changed. " + finding.text +
                      " Run steg-audit verify.");
  }
  verified_ = report.head;
  next_ = Deadline::Clock::now() + (has_more(end) ? std::chrono::seconds(0) : kInterval);
  stats_.change([&](WriterStats& numbers) {
    numbers.tampered += tampered;
    if (tampered == 0) numbers.verified_seq = report.head.seq;
  });
}

}  // namespace audit
