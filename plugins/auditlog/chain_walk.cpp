// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chain_walk.hpp"

#include <algorithm>

#include "plugins/common/crypto/hex.hpp"
#include "text.hpp"

namespace audit {

namespace {

/// How far from its place a moved row is looked for.
constexpr std::int64_t kMoveRange = 256;

std::string rows_text(std::int64_t first, std::int64_t last) {
  return first == last ? "Row " + std::to_string(first)
                       : "Rows " + std::to_string(first) + " to " + std::to_string(last);
}

const char* is_or_are(std::int64_t first, std::int64_t last) { return first == last ? " is " : " are "; }

}  // namespace

ChainWalk::ChainWalk(std::vector<ChainKey> keys, const std::vector<Head>& known, std::size_t most, Head after)
    : keys_(std::move(keys)), most_(most), after_(std::move(after)) {
  for (const Head& head : known) known_.emplace(head.seq, head.hash);
  report_.head = after_;
}

void ChainWalk::add(Finding::Kind kind, std::int64_t seq, std::int64_t last, const std::string& text) {
  if (!full()) report_.findings.push_back({kind, seq, last, text});
}

void ChainWalk::missing(std::int64_t first, std::int64_t last) {
  add(Finding::Kind::missing, first, last, rows_text(first, last) + is_or_are(first, last) + "missing.");
}

bool ChainWalk::row(const Row& row) {
  if (is_foreign(row.at(kSeq))) {
    report_.rows += 1;
    add(Finding::Kind::inserted, 0, 0, "A row has " + row[kSeq]->substr(1) + " where its number should be.");
    return false;
  }
  const std::int64_t seq = to_integer(row.at(kSeq));
  const std::string hash = row.at(kHash).value_or("");
  const std::int64_t expected = report_.head.seq + 1;
  report_.rows += 1;
  if (seq < expected || seq > kLastSeq) {
    add(Finding::Kind::inserted, seq, seq,
        seq < 1          ? "Row " + std::to_string(seq) + " was inserted: numbers begin at 1."
        : seq > kLastSeq ? "Row " + std::to_string(seq) + " was inserted: no log is that long."
                         : "Row " + std::to_string(seq) + " is there twice.");
    return false;
  }
  if (seq > expected) {
    if (report_.head == after_)
      beginning_ = Head{seq - 1, row.at(kPreviousHash).value_or("")};
    else
      missing(expected, seq - 1);
  }
  const bool genuine = is_genuine(row, seq);
  if (genuine) {
    end_run(false);
    if (seq == expected && row.at(kPreviousHash).value_or("") != report_.head.hash)
      add(Finding::Kind::broken_link, seq, seq,
          "Row " + std::to_string(seq) + " does not follow row " + std::to_string(seq - 1) + " as it is now.");
  }
  check_known(seq, hash);
  report_.head = {seq, hash};
  return genuine;
}

bool ChainWalk::is_genuine(const Row& row, std::int64_t seq) {
  const auto wrong = std::find_if(row.begin(), row.end(), is_foreign);
  if (wrong != row.end()) {
    end_run(false);
    add(Finding::Kind::altered, seq, seq,
        "Row " + std::to_string(seq) + " was altered: it has " + (*wrong)->substr(1) + " as its " +
            kColumnNames[wrong - row.begin()] + ".");
    return false;
  }
  const auto key = std::find_if(keys_.begin(), keys_.end(),
                                [&](const ChainKey& item) { return row.at(kChainKey) == item.fingerprint; });
  if (key == keys_.end()) {
    add(Finding::Kind::unknown_key, seq, seq,
        "Row " + std::to_string(seq) + " was written with key " + row.at(kChainKey).value_or("") +
            ", which was not given.");
    return false;
  }
  if (row_hash(key->chain, row) != row.at(kHash)) {
    not_genuine(key->chain, row, seq);
    return false;
  }
  const std::string& kind = row.at(kEvent).value_or("");
  if (kind == kPurge || kind == kAnonymise) {
    const Head through{to_integer(row.at(kThroughSeq)), row.at(kThroughHash).value_or("")};
    if (kind == kPurge)
      purges_.push_back(through);
    else
      anonymised_through_ = std::max(anonymised_through_, through.seq);
  }
  if (!row.at(kClientIpProof)) {
    const bool plain = !row.at(kClientIpSalt) && !row.at(kThroughSeq) && !row.at(kThroughHash);
    if (!plain)
      add(Finding::Kind::altered, seq, seq,
          "Row " + std::to_string(seq) + " was altered: it has what rows of schema version 1 do not have.");
    return plain;
  }
  const std::string address = row.at(kClientIp).value_or("");
  if (!row.at(kClientIpSalt) && address.empty()) {
    if (!without_address_.empty() && without_address_.back().second == seq - 1)
      without_address_.back().second = seq;
    else
      without_address_.emplace_back(seq, seq);
    return true;
  }
  Secret salt{};
  const bool proven = row.at(kClientIpSalt) && steg::from_hex(*row[kClientIpSalt], salt.data(), salt.size()) &&
                      client_ip_proof(*row[kClientIpSalt], address) == row[kClientIpProof];
  if (!proven)
    add(Finding::Kind::altered, seq, seq,
        "Row " + std::to_string(seq) +
            " was altered: its address is not the one it "
            "was written with.");
  return proven;
}

void ChainWalk::not_genuine(const Secret& secret, const Row& row, std::int64_t seq) {
  if (full()) return;
  if (run_ && run_->last == seq - 1) {
    Row other = row;
    other[kSeq] = std::to_string(seq + run_->shift);
    if (row_hash(secret, other) == row.at(kHash)) {
      run_->last = seq;
      return;
    }
  }
  end_run(false);
  Row other = row;
  for (std::int64_t place = std::max<std::int64_t>(1, seq - kMoveRange); place <= seq + kMoveRange; ++place) {
    other[kSeq] = std::to_string(place);
    if (row_hash(secret, other) != row[kHash]) continue;
    run_ = Run{seq, seq, place - seq};
    return;
  }
  add(Finding::Kind::altered, seq, seq,
      "Row " + std::to_string(seq) + " was altered, or was not written with this key.");
}

void ChainWalk::end_run(bool at_end) {
  if (!run_) return;
  const Run run = *run_;
  run_.reset();
  // Rows that keep their order up to the end of the chain were renumbered, because something in front of them was taken
  // out or put in.
  if (at_end && run.shift > 0) {
    const std::int64_t last = run.first + run.shift - 1;
    add(Finding::Kind::missing, run.first, last,
        rows_text(run.first, last) + (run.shift == 1 ? " was" : " were") + " removed, and the rows behind renumbered.");
    return;
  }
  auto& findings = report_.findings;
  if (at_end && run.shift < 0) {
    const std::int64_t first = run.first + run.shift;
    const auto put_in = std::remove_if(findings.begin(), findings.end(), [&](const Finding& finding) {
      return finding.seq >= first && finding.seq < run.first &&
             (finding.kind == Finding::Kind::altered || finding.kind == Finding::Kind::unknown_key);
    });
    if (put_in != findings.end()) {
      findings.erase(put_in, findings.end());
      add(Finding::Kind::inserted, first, run.first - 1,
          rows_text(first, run.first - 1) + (run.shift == -1 ? " was" : " were") +
              " inserted, and the rows behind renumbered.");
      return;
    }
  }
  add(Finding::Kind::moved, run.first, run.first + run.shift,
      rows_text(run.first, run.last) + is_or_are(run.first, run.last) + "in truth " +
          (run.first == run.last ? "row " : "rows ") + std::to_string(run.first + run.shift) +
          (run.first == run.last ? "" : " to " + std::to_string(run.last + run.shift)) + ", moved here.");
}

void ChainWalk::check_known(std::int64_t seq, const std::string& hash) {
  const auto [first, last] = known_.equal_range(seq);
  if (std::any_of(first, last, [&](const auto& item) { return item.second != hash; }))
    add(Finding::Kind::altered, seq, seq, "Row " + std::to_string(seq) + " is not the one that was noted earlier.");
  known_.erase(first, last);
}

void ChainWalk::check_beginning() {
  if (!beginning_) return;
  const bool said = std::find(purges_.begin(), purges_.end(), *beginning_) != purges_.end();
  if (said) {
    report_.purged_through = beginning_->seq;
    const auto end = known_.upper_bound(beginning_->seq);
    report_.not_checked = std::distance(known_.begin(), end);
    known_.erase(known_.begin(), end);
  } else {
    missing(after_.seq + 1, beginning_->seq);
  }
}

void ChainWalk::check_purged() {
  if (after_.seq > 0 || report_.rows == 0) return;
  const std::int64_t first = beginning_ ? beginning_->seq + 1 : 1;
  for (const Head& purge : purges_)
    if (purge.seq >= first)
      add(Finding::Kind::inserted, first, purge.seq,
          rows_text(first, purge.seq) + (first == purge.seq ? " was" : " were") + " purged, and put in again.");
}

void ChainWalk::check_removed_addresses() {
  for (auto [first, last] : without_address_) {
    if (first <= anonymised_through_) {
      report_.anonymised += std::min(last, anonymised_through_) - first + 1;
      first = anonymised_through_ + 1;
    }
    if (first <= last)
      add(Finding::Kind::address_removed, first, last,
          rows_text(first, last) + (first == last ? " has" : " have") +
              " lost the address, and no row says that it was removed.");
  }
}

ChainReport ChainWalk::finish() {
  const bool stopped = full();
  end_run(!stopped);
  // What is said of the beginning and of addresses stands at the end, which a walk that stopped early has not seen.
  if (!stopped) {
    check_beginning();
    check_purged();
    check_removed_addresses();
    if (!known_.empty() && known_.rbegin()->first > report_.head.seq)
      missing(report_.head.seq + 1, known_.rbegin()->first);
  }
  std::stable_sort(report_.findings.begin(), report_.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.seq < b.seq; });
  return std::move(report_);
}

}  // namespace audit
