// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common_options.hpp"

#include <cstdio>

#include "plugins/auditlog/event.hpp"
#include "plugins/common/crypto/key.hpp"

namespace auditor {

std::string minute_of(const std::string& time, audit::DayEdge edge) {
  try {
    return audit::minute_of_text(time, edge);
  } catch (const audit::AuditError& error) {
    throw UsageError(error.what());
  }
}

void DatabaseOption::add(Options& options) {
  options.text('d', "database", uri,
               "the log, sqlite:PATH or postgresql://USER@HOST/DATABASE (default: sqlite:steg-audit.db)", "URI");
}

void KeyOption::add(Options& options) {
  options.texts('k', "key-file", files,
                "key file of auditlog; once more for each key that the log was written with (default: the public key)",
                "FILE");
}

std::vector<audit::ChainKey> KeyOption::keys() const {
  std::vector<audit::ChainKey> keys;
  for (const std::string& file : files) keys.push_back(audit::chain_key(steg::Key::from_file(file)));
  if (!keys.empty()) return keys;
  std::fputs("steg-audit: no --key-file was given, so the public default key is used: anyone can forge rows of it.\n",
             stderr);
  return {audit::chain_key(steg::Key::public_default())};
}

void FilterOption::add(Options& options) {
  options.text('i', "id", id, "only this ID", "ID");
  options.text('c', "client-ip", client_ip, "only this address", "ADDRESS");
  options.text('s', "stream", stream, "only this stream", "NAME");
  options.text('f', "from", from, "only from this time on, UTC: 2026-11-22 or 2026-11-22T11:29", "TIME");
  options.text('t', "to", to, "only up to this time, UTC, including that minute or that day", "TIME");
}

audit::Query FilterOption::query() const {
  const auto given = [](const std::string& text) {
    return text.empty() ? std::optional<std::string>() : std::optional<std::string>(text);
  };
  audit::Query query;
  query.id = given(id);
  query.client_ip = given(client_ip);
  query.stream = given(stream);
  if (!from.empty()) query.from_minute = minute_of(from, audit::DayEdge::first);
  if (!to.empty()) query.to_minute = minute_of(to, audit::DayEdge::last);
  return query;
}

}  // namespace auditor
