// SPDX-License-Identifier: LGPL-2.1-or-later
#include "token_office.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "launcher/tokens/encrypted_pattern.hpp"
#include "plugins/auditlog/audit_query.hpp"
#include "plugins/common/crypto/random.hpp"
#include "plugins/steg/sequences/pattern_name.hpp"

namespace launcher {

namespace {

constexpr audit::WallTime kSecond = 1000000;

void check_text(const std::string& what, const std::string& text, std::size_t least) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (text.size() < least || text.size() > TokenOffice::kMostViewerBytes || !audit::is_storable(text) ||
      std::any_of(text.begin(), text.end(), is_control)) {
    throw std::invalid_argument(what + " must have " + std::to_string(least) + " to " +
                                std::to_string(TokenOffice::kMostViewerBytes) +
                                " bytes of UTF-8 without control characters.");
  }
}

TokenInfo info_of(const audit::AuditRow& row) {
  const bool revoked = row.intervals_open == 0;
  return {
      row.session, row.id, row.client_ip, row.first_time, revoked ? "" : row.last_time, revoked ? row.last_time : "",
      ""};
}

}  // namespace

std::string token_key(const steg::Key& key) {
  std::string bytes;
  for (const char* label : {"wm token 1", "wm token 2"}) {
    const steg::Subkey half = key.subkey(label);
    bytes.append(half.begin(), half.end());
  }
  return bytes;
}

steg::Subkey pattern_key(const steg::Key& key) { return key.subkey("wm pattern"); }

TokenOffice::TokenOffice(const OfficeSettings& settings, const steg::Key& key, const audit::Listener& listener,
                         audit::Clock clock)
    : settings_(settings),
      key_(settings.token_key ? tokens::TokenKey::es256(*settings.token_key) : tokens::TokenKey::hmac(token_key(key))),
      pattern_key_(pattern_key(key)),
      fingerprint_(key.fingerprint()),
      sequences_(key, settings.variants, settings.bias),
      clock_(std::move(clock)),
      log_(settings.log, audit::chain_key(key), listener) {
  if (log_.pending() > 0)
    throw audit::AuditError(
        "The audit database cannot be reached, so nobody knows which tokens were revoked. Start when it is there.");
  load();
}

void TokenOffice::load() {
  audit::Query query;
  query.stream = settings_.log.stream;
  query.from_minute = audit::utc_minute(audit::minute_number(clock_()) - kMostMinutes);
  query.most = audit::kAllRows;
  const auto rows = audit::find(settings_.log.database, query);
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const audit::AuditRow& row : rows)
    if (steg::parse_pattern_name(row.model_fingerprint)) tokens_.emplace(row.session, info_of(row));
}

void TokenOffice::add_direct(tokens::WatermarkToken& token, const std::string& viewer, std::int64_t segments) const {
  if (variants() != 2) throw std::invalid_argument("A direct pattern has two variants: give an indirect token.");
  const std::int64_t first = settings_.first_position;
  if (segments < 1 || segments > tokens::kMostPatternBits - first) {
    throw std::invalid_argument("A direct pattern ends with position " + std::to_string(tokens::kMostPatternBits - 1) +
                                " at the latest: give a token for 1 to " +
                                std::to_string(tokens::kMostPatternBits - first) + " segments, or an indirect one.");
  }
  token.wmpatlen = static_cast<unsigned>(first + segments);
  std::string bits(tokens::pattern_bytes(token.wmpatlen), '\0');
  const auto variants = sequences_.pattern(viewer, settings_.first_position, static_cast<std::size_t>(segments));
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const std::size_t position = static_cast<std::size_t>(first) + i;
    if (variants[i] == 1) bits[position / 8] = static_cast<char>(bits[position / 8] | 0x80 >> position % 8);
  }
  token.encrypted = tokens::encrypt_pattern(bits, pattern_key_);
}

TokenOffice::Issued TokenOffice::issue(const std::string& viewer, const std::string& client_ip, std::int64_t minutes,
                                       TokenFormat format, std::int64_t direct) {
  check_text("A viewer's name", viewer, 1);
  check_text("A viewer's address", client_ip, 0);
  if (minutes < 1 || minutes > kMostMinutes)
    throw std::invalid_argument("A token is valid for 1 to " + std::to_string(kMostMinutes) + " minutes.");
  const audit::WallTime now = clock_() / kSecond * kSecond;
  const audit::WallTime until = now + minutes * 60 * kSecond;
  Issued issued;
  issued.info = {steg::random_uuid(), viewer, client_ip, audit::utc_time(now), audit::utc_time(until), "", ""};
  tokens::WatermarkToken token;
  token.iat = now / kSecond;
  token.exp = until / kSecond;
  token.jti = issued.info.id;
  token.wmpatlen = tokens::kMostPatternBits;
  if (direct == 0) token.indirect = {viewer, 0, 1};
  if (direct != 0) add_direct(token, viewer, direct);
  issued.token = format == TokenFormat::jwt ? tokens::sign_jwt(token, key_) : tokens::sign_cwt(token, key_);
  log_.add(audit::token_issued(note_of(issued.info)));
  const std::lock_guard<std::mutex> lock(mutex_);
  tokens_[issued.info.id] = issued.info;
  return issued;
}

audit::TokenNote TokenOffice::note_of(const TokenInfo& info) const {
  return {info.id,
          info.viewer,
          info.client_ip,
          info.issued,
          info.until,
          fingerprint_,
          steg::pattern_name(sequences_, settings_.bias, info.viewer, settings_.first_position)};
}

std::optional<TokenInfo> TokenOffice::revoke(const std::string& id) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (tokens_.count(id) == 0) return std::nullopt;
    refused_.insert(id);
  }
  const std::lock_guard<std::mutex> one_at_a_time(revoking_);
  TokenInfo info;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    info = tokens_[id];
  }
  if (!info.revoked.empty()) return info;
  const auto held = held_.find(id);
  const audit::WallTime when = held == held_.end() ? clock_() : held->second;
  if (held == held_.end())
    add_revocation(info, when);
  else if (!log_.keeps_all())
    throw audit::AuditError("The audit log still cannot be written. Try again.");
  info.revoked = audit::utc_time(when);
  const std::lock_guard<std::mutex> lock(mutex_);
  tokens_[id].revoked = info.revoked;
  return info;
}

void TokenOffice::add_revocation(const TokenInfo& info, audit::WallTime when) {
  try {
    log_.add(audit::token_revoked(note_of(info), when));
  } catch (const audit::EventHeld&) {
    held_[info.id] = when;
    throw;
  }
}

std::vector<TokenInfo> TokenOffice::list() const {
  std::vector<TokenInfo> list;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& token : tokens_) list.push_back(token.second);
  }
  std::sort(list.begin(), list.end(), [](const TokenInfo& a, const TokenInfo& b) {
    return a.issued != b.issued ? a.issued > b.issued : a.id < b.id;
  });
  return list;
}

bool TokenOffice::knows(const std::string& id) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return tokens_.count(id) != 0;
}

TokenOffice::Holder TokenOffice::verify(std::string_view token) {
  using tokens::Refusal;
  using tokens::TokenError;
  const audit::WallTime now = clock_();
  const bool is_jwt = token.find('.') != std::string_view::npos;
  tokens::WatermarkToken claims = is_jwt ? tokens::verify_jwt(token, key_, now / kSecond, kLeeway)
                                         : tokens::verify_cwt(token, key_, now / kSecond, kLeeway);
  if (!claims.jti) throw TokenError(Refusal::claims, "the token has no name to be revoked by");
  if (claims.wmpattern) throw TokenError(Refusal::claims, "the token's pattern is not encrypted");
  if (claims.encrypted) claims.wmpattern = tokens::decrypt_pattern(*claims.encrypted, pattern_key_);
  // Another process may have issued it.
  if (!knows(*claims.jti)) load();
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = tokens_.find(*claims.jti);
  if (found == tokens_.end()) throw TokenError(Refusal::revoked, "the token is not in the audit log");
  if (!found->second.revoked.empty() || refused_.count(*claims.jti) != 0)
    throw TokenError(Refusal::revoked, "the token was revoked");
  found->second.last_seen = audit::utc_time(now);
  Holder holder{*claims.jti, claims.indirect ? claims.indirect->wmid : found->second.viewer, std::nullopt};
  if (claims.wmpattern) holder.direct = std::move(claims);
  return holder;
}

int TokenOffice::variant(const Holder& holder, std::uint32_t position) const {
  return holder.direct ? tokens::variant_at(*holder.direct, position)
                       : static_cast<int>(sequences_.pattern(holder.viewer, position, 1).front());
}

}  // namespace launcher
