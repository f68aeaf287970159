// Folders of files that are signed together, so that common tools can check them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>

#include "signature.hpp"

namespace audit {

using Files = std::map<std::string, std::string>;  ///< content by name

inline constexpr const char* kSumsFile = "SHA256SUMS";           ///< as sha256sum writes it
inline constexpr const char* kSignatureFile = "SHA256SUMS.sig";  ///< Ed25519 over it, 64 bytes
inline constexpr const char* kPublicKeyFile = "public-key.pem";

/// Makes the folder, which must not exist, with the files, their sums, the signature of the sums and the public key.
/// Throws AuditError.
void write_signed_folder(const std::string& path, const Files& files, const SigningKey& key);

struct SignedFolder {
  Files files;             ///< those that are signed
  std::string public_key;  ///< that the signature was checked with, 64 hexadecimal digits
};
/// Reads a folder and checks its signature and all sums. `public_key`: whose it must be; empty: the one in the folder,
/// which proves only that the files belong together. Throws AuditError that says what is wrong.
SignedFolder read_signed_folder(const std::string& path, const std::string& public_key);

}  // namespace audit
