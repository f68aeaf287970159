// SPDX-License-Identifier: LGPL-2.1-or-later
#include "guard.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>

#include "launcher/base/address.hpp"
#include "launcher/base/network.hpp"
#include "plugins/common/crypto/digest.hpp"
#include "plugins/common/crypto/random.hpp"

namespace launcher {
namespace {

constexpr std::size_t kMostSessions = 1000;

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  // The padding decodes to zeros.
  std::size_t padding = 0;
  while (padding < 2 && text.size() > padding && text[text.size() - 1 - padding] == '=') ++padding;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// What an Authorization header shows as token: that of Bearer, or the password of Basic.
std::optional<std::string> shown_token(std::string_view authorization) {
  const std::size_t blank = authorization.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  std::string scheme(authorization.substr(0, blank));
  for (char& c : scheme) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  const std::string_view value = trimmed(authorization.substr(blank));
  if (scheme == "bearer") return std::string(value);
  if (scheme != "basic") return std::nullopt;
  const auto pair = from_base64(value);
  if (!pair) return std::nullopt;
  const std::size_t colon = pair->find(':');
  return colon == std::string::npos ? std::nullopt : std::optional<std::string>(pair->substr(colon + 1));
}

/// The value of the session's cookie in a Cookie header; empty if it is not there.
std::string_view session_cookie(std::string_view header) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    const std::string_view pair = trimmed(header.substr(0, end));
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == Guard::kCookie) return pair.substr(equals + 1);
    header.remove_prefix(std::min(end + 1, header.size()));
  }
  return {};
}

}  // namespace

bool Guard::is_token(std::string_view text) const {
  if (!token_) return false;
  const steg::Digest wanted = steg::sha256(*token_);
  const steg::Digest shown = steg::sha256(text);
  return CRYPTO_memcmp(wanted.data(), shown.data(), wanted.size()) == 0;
}

Guard::Verdict Guard::check(Access access, const Credentials& credentials) const {
  // With a token, a foreign host name that was pointed here gains nothing: it has no cookie of this server.
  if (!token_ && !is_loopback_host(credentials.host)) return Verdict::foreign_page;
  if (access == Access::open) return Verdict::allowed;
  if (!is_same_origin(credentials.host, credentials.origin, credentials.fetch_site)) return Verdict::foreign_page;
  // What a browser sends that knows of no other way to say it, with a picture of another page, say.
  const bool silent = !credentials.origin && !credentials.fetch_site;
  if (silent && credentials.referer && !is_same_referer(credentials.host, *credentials.referer)) {
    return Verdict::foreign_page;
  }
  if (!token_) return Verdict::allowed;
  if (credentials.authorization) {
    const auto shown = shown_token(*credentials.authorization);
    if (shown && is_token(*shown)) return Verdict::allowed;
  }
  if (access == Access::hook && credentials.query_token && is_token(*credentials.query_token)) {
    return Verdict::allowed;
  }
  if (credentials.cookie) {
    const auto session = sessions_.find(steg::sha256(session_cookie(*credentials.cookie)));
    if (session != sessions_.end() && Clock::now() < session->second) return Verdict::allowed;
  }
  return Verdict::token_missing;
}

std::string Guard::open_session() {
  const auto now = Clock::now();
  for (auto session = sessions_.begin(); session != sessions_.end();) {
    session = session->second <= now ? sessions_.erase(session) : std::next(session);
  }
  if (sessions_.size() >= kMostSessions) {
    sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; }));
  }
  std::string value = steg::random_hex(32);
  sessions_[steg::sha256(value)] = now + kSessionLife;
  return value;
}

void Guard::close_session(std::string_view cookie) { sessions_.erase(steg::sha256(session_cookie(cookie))); }

std::string client_address(const std::string& peer, std::optional<std::string_view> forwarded_for,
                           const std::vector<std::string>& proxies) {
  std::string address = peer;
  std::string_view rest = forwarded_for.value_or("");
  // From the last hop backwards: what a proxy we trust has seen is true, what the client wrote itself may not be.
  while (!rest.empty() && is_in_networks(address, proxies)) {
    const std::size_t comma = rest.rfind(',');
    const std::string_view hop = trimmed(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
    if (!is_ip(hop)) break;
    address = hop;
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
  }
  return address;
}

}  // namespace launcher
