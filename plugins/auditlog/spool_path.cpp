// SPDX-License-Identifier: LGPL-2.1-or-later
#include "spool_path.hpp"

#include <cstdlib>
#include <filesystem>

#include "chain.hpp"
#include "connection.hpp"
#include "plugins/common/crypto/digest.hpp"

namespace audit {

namespace {

/// A part of a file name that shows the stream to people and differs for different streams.
std::string file_name_part(const std::string& stream, const std::string& identity) {
  constexpr std::size_t kLongest = 40;
  std::string part;
  for (const char c : stream.substr(0, kLongest)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    part.push_back(plain ? c : '_');
  }
  if (part == stream && identity.empty()) return part;
  return part + '-' + steg::to_hex(steg::sha256(canonical({identity, stream}))).substr(0, 16);
}

std::filesystem::path state_folder() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state && *state == '/') return std::filesystem::path(state) / "gst-steg";
  const char* home = std::getenv("HOME");
  if (home && *home == '/') return std::filesystem::path(home) / ".local" / "state" / "gst-steg";
  throw AuditError(
      "There is no place for the spool file: neither HOME nor XDG_STATE_HOME is set. Set `spool` to a file.");
}

}  // namespace

std::string default_spool_path(const std::string& database, const std::string& stream) {
  const std::string path = sqlite_path(database);
  if (!path.empty()) return path + '.' + file_name_part(stream, "") + ".spool";
  const std::filesystem::path folder = state_folder();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw AuditError("The folder for the spool file, " + folder.string() + ", cannot be made: " + error.message() +
                     ". Set `spool` to a file.");
  return (folder / ("auditlog-" + file_name_part(stream, database_identity(database)) + ".spool")).string();
}

}  // namespace audit
