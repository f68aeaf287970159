// SPDX-License-Identifier: LGPL-2.1-or-later
#include "key.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "hex.hpp"
#include "key_text.hpp"

namespace steg {

namespace {

constexpr char kHowToMakeOne[] =
    "a key file holds one line of 64 hexadecimal digits (make one with 'steg-audit keygen FILE')";

// A key file is a few lines; whatever is far longer (or endless, as a device) is another file given by mistake.
constexpr std::size_t kMaxFileBytes = 64 * 1024;

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

bool is_readable_by_others(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0;
}

Subkey truncate(const Digest& digest) {
  Subkey subkey{};
  std::copy_n(digest.begin(), subkey.size(), subkey.begin());
  return subkey;
}

Key Key::from_hex(std::string_view text) {
  std::array<std::uint8_t, kBytes> bytes{};
  if (text.size() != 2 * bytes.size()) {
    throw KeyError("the key has " + std::to_string(text.size()) + " characters instead of 64 hexadecimal digits");
  }
  if (!from_any_hex(text, bytes.data(), bytes.size()))
    throw KeyError("the key holds characters other than hexadecimal digits");
  return Key(bytes);
}

Key Key::from_file(const std::string& path) { return from_hex(key_text_from_file(path)); }

std::string key_text_from_file(const std::string& path) {
  const auto fail = [&path](const std::string& why) {
    return KeyError("key file '" + path + "': " + why + "; " + kHowToMakeOne);
  };
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw fail(std::strerror(errno != 0 ? errno : EIO));

  std::string content(kMaxFileBytes + 1, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (file.bad()) throw fail(std::strerror(errno != 0 ? errno : EIO));
  content.resize(static_cast<std::size_t>(file.gcount()));
  if (content.size() > kMaxFileBytes) throw fail("too large, this is no key file");

  std::string key;
  std::istringstream lines(content);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::string_view text = trim(line);
    if (text.empty() || text.front() == '#') continue;
    const std::string where = "line " + std::to_string(number) + ": ";
    if (!key.empty()) throw fail(where + "a second key");
    try {
      Key::from_hex(text);
      key = text;
    } catch (const KeyError& error) {
      throw fail(where + error.what());
    }
  }
  if (key.empty()) throw fail("no key in it");
  return key;
}

Key Key::public_default() {
  // ASCII, so that a reader of the source sees at once that it is no secret.
  constexpr std::string_view kText = "gst-steg: public key, no secret!";
  static_assert(kText.size() == kBytes);
  std::array<std::uint8_t, kBytes> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(kText[i]);
  return Key(bytes);
}

bool Key::is_public_default() const { return *this == public_default(); }

std::string Key::fingerprint() const { return to_hex(subkey("gst-steg fingerprint").data(), 8); }

Subkey Key::subkey(std::string_view label) const { return truncate(hmac_sha256(bytes_.data(), bytes_.size(), label)); }

}  // namespace steg
