// SPDX-License-Identifier: LGPL-2.1-or-later
#include "backlog.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace audit {

Backlog::Backlog(std::unique_ptr<Spool> spool, Listener listener, SharedStats& stats)
    : listener_(std::move(listener)), stats_(stats), spool_(std::move(spool)) {
  if (spool_->damaged() > 0)
    listener_.problem(std::to_string(spool_->damaged()) + " lines of the spool file " + spool_->path() +
                      " are damaged: records of an earlier run may be lost. They are kept in " +
                      spool_->damaged_path() + ".");
  update_stats();
  stats_.change([&](WriterStats& numbers) { numbers.damaged = spool_->damaged(); });
}

void Backlog::tell(const Notice& notice) const {
  if (!notice.problem.empty()) listener_.problem(notice.problem);
  if (!notice.recovered.empty()) listener_.recovered(notice.recovered);
}

void Backlog::update_stats(std::size_t written) {
  stats_.change([&](WriterStats& numbers) {
    numbers.written += written;
    numbers.held = held_.size();
    numbers.spooled = spool_->waiting();
    numbers.spool_bytes = spool_->bytes();
  });
}

Backlog::Notice Backlog::spool_held() {
  if (held_.empty()) return {};
  Notice notice;
  try {
    spool_->append(held_);
    held_.clear();
    held_generation_ += 1;
    if (spool_failing_) notice.recovered = "The spool file of the audit log can be written again.";
    spool_failing_ = false;
  } catch (const std::exception& error) {
    if (!spool_failing_) notice.problem = error.what();
    spool_failing_ = true;
    stats_.change([&](WriterStats& numbers) {
      numbers.failed += 1;
      numbers.last_error = error.what();
    });
  }
  update_stats();
  return notice;
}

void Backlog::spool_what_fits() {
  // The oldest first, as many as possible.
  for (std::size_t count = held_.size() / 2; count > 0; count = std::min(count, held_.size()) / 2) {
    const auto end = held_.begin() + static_cast<std::ptrdiff_t>(count);
    try {
      spool_->append({held_.begin(), end});
      held_.erase(held_.begin(), end);
      held_generation_ += 1;
    } catch (const std::exception&) {
      // Told of when all of them were tried.
    }
  }
  update_stats();
}

void Backlog::add(std::vector<Row> rows) {
  Notice notice;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    held_.insert(held_.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
    notice = spool_held();
  }
  tell(notice);
}

void Backlog::add_last(std::vector<Row> rows) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    spool_->begin_last_resort();
  }
  add(std::move(rows));
  const std::lock_guard<std::mutex> lock(mutex_);
  spool_what_fits();
}

Backlog::Batch Backlog::next(std::size_t most) {
  Batch batch;
  Notice notice;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    notice = spool_held();
    batch.from_spool = spool_->waiting() > 0;
    batch.held_generation = held_generation_;
    batch.rows = batch.from_spool ? spool_->peek(most) : held_;
  }
  tell(notice);
  return batch;
}

void Backlog::remove(const Batch& batch, const std::string& identity, const Heads& heads) {
  Notice notice;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (batch.from_spool) {
      spool_->take();
    } else if (batch.held_generation == held_generation_) {
      // add() may have added some behind.
      held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(batch.rows.size()));
    }
    update_stats(batch.rows.size());
    if (!spool_failing_) stats_.change([](WriterStats& numbers) { numbers.last_error.clear(); });
    notice = trim_if_empty(identity, heads);
  }
  tell(notice);
}

void Backlog::trim(const std::string& identity, const Heads& heads) {
  Notice notice;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    notice = trim_if_empty(identity, heads);
  }
  tell(notice);
}

Backlog::Notice Backlog::trim_if_empty(const std::string& identity, const Heads& heads) {
  if (spool_->waiting() > 0 || !held_.empty()) return {};
  Notice notice;
  try {
    spool_->trim(identity, heads);
  } catch (const std::exception& error) {
    if (!spool_failing_) notice.problem = error.what();
    spool_failing_ = true;
    stats_.change([&](WriterStats& numbers) { numbers.last_error = error.what(); });
  }
  update_stats();
  return notice;
}

std::size_t Backlog::waiting() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return spool_->waiting() + held_.size();
}

std::vector<Row> Backlog::held() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return held_;
}

}  // namespace audit
