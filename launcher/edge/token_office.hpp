// Makes, notes, knows and revokes WM tokens.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "launcher/tokens/token_error.hpp"
#include "launcher/tokens/token_key.hpp"
#include "launcher/tokens/watermark_token.hpp"
#include "plugins/auditlog/event_log.hpp"
#include "plugins/auditlog/text.hpp"
#include "plugins/auditlog/token_note.hpp"
#include "plugins/steg/sequences/sequences.hpp"

namespace launcher {

enum class TokenFormat { jwt, cwt };

struct OfficeSettings {
  int variants = 2;
  steg::Bias bias = steg::Bias::arcsine;
  std::uint32_t first_position = 0;  ///< where fingerprints of patterns begin
  audit::WriterSettings log;         ///< `stream`: whose chain tokens are noted in
  /// Tokens are signed with ES256 and this, else with HMAC-SHA256 and what follows from the secret key.
  std::optional<tokens::Es256Key> token_key;
};

/// What is known of a token; times as the log has them, in UTC.
struct TokenInfo {
  std::string id;  ///< its UUID
  std::string viewer;
  std::string client_ip;  ///< empty if not known
  std::string issued;
  std::string until;      ///< empty if it was revoked before this process began
  std::string revoked;    ///< empty if it was not
  std::string last_seen;  ///< by this process; empty for never
};

/// HMAC key of the tokens that belong to a key: 32 bytes.
std::string token_key(const steg::Key& key);

/// With what the patterns of direct tokens that belong to a key are encrypted.
steg::Subkey pattern_key(const steg::Key& key);

/// All methods may be called from any thread.
class TokenOffice {
 public:
  static constexpr int kMostMinutes = 7 * 24 * 60;
  static constexpr std::size_t kMostViewerBytes = 100;
  static constexpr std::int64_t kLeeway = 30;  ///< seconds by which clocks may differ

  /// Opens the log and finds out which tokens are revoked: throws AuditError if that cannot be known.
  TokenOffice(const OfficeSettings& settings, const steg::Key& key, const audit::Listener& listener,
              audit::Clock clock = audit::system_time);

  struct Issued {
    TokenInfo info;
    std::string token;
  };
  /// `direct`: for so many segments, from first_position on, the token has the pattern itself, encrypted; 0 for a token
  /// whose pattern follows from the viewer's name. The token's row is on the disk when this returns. Throws AuditError
  /// if it cannot be kept, std::invalid_argument with a sentence for a viewer, an address or a time that cannot be,
  /// steg::KeyError if the token key is a public one.
  Issued issue(const std::string& viewer, const std::string& client_ip, std::int64_t minutes, TokenFormat format,
               std::int64_t direct = 0);

  /// It is refused from now on, also after a restart: its row is on the disk. Nothing if there is no such token. Throws
  /// AuditError; it is refused all the same, but a restart forgets that, so list() does not call it revoked, and
  /// another call tries again.
  std::optional<TokenInfo> revoke(const std::string& id);

  /// Of the last kMostMinutes, latest first.
  std::vector<TokenInfo> list() const;

  struct Holder {
    std::string token;  ///< its UUID
    std::string viewer;
    std::optional<tokens::WatermarkToken> direct;  ///< with wmpattern decrypted
  };
  /// Throws TokenError; a token that was revoked, or has no row in the log, is Refusal::revoked. Throws AuditError if
  /// the log has to be asked for a token that another process issued, and cannot be.
  Holder verify(std::string_view token);

  /// Which variant this token gets, from 0 on. Throws TokenError where the pattern of a direct one has ended.
  int variant(const Holder& holder, std::uint32_t position) const;
  int variants() const { return sequences_.variants(); }

 private:
  /// What the log has and this process does not know. Throws AuditError.
  void load();
  bool knows(const std::string& id) const;
  void add_direct(tokens::WatermarkToken& token, const std::string& viewer, std::int64_t segments) const;
  /// revoking_ is held.
  void add_revocation(const TokenInfo& info, audit::WallTime when);
  audit::TokenNote note_of(const TokenInfo& info) const;

  OfficeSettings settings_;
  tokens::TokenKey key_;
  steg::Subkey pattern_key_;
  std::string fingerprint_;
  steg::Sequences sequences_;
  audit::Clock clock_;
  audit::EventLog log_;
  mutable std::mutex mutex_;                 ///< guards what follows; never held over disk or database
  std::map<std::string, TokenInfo> tokens_;  ///< by UUID
  std::set<std::string> refused_;            ///< UUIDs of those that were to be revoked, with a row or without
  std::mutex revoking_;                      ///< guards what follows; held over the disk
  /// UUIDs of those whose row of it the log holds in memory, and when it was made: it takes no second one.
  std::map<std::string, audit::WallTime> held_;
};

}  // namespace launcher
