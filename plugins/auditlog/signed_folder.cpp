// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signed_folder.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

#include "chain.hpp"
#include "event.hpp"
#include "file.hpp"
#include "plugins/common/crypto/digest.hpp"
#include "plugins/common/crypto/hex.hpp"
#include "signature.hpp"
#include "text.hpp"

namespace audit {

namespace {

constexpr std::size_t kSumDigits = 64;
std::string read_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw AuditError(path + " cannot be read: " + std::strerror(errno != 0 ? errno : EIO) + ".");
  return text;
}

bool is_plain_name(const std::string& name) {
  return !name.empty() && name.front() != '.' && name.find('/') == std::string::npos;
}

}  // namespace

void write_signed_folder(const std::string& path, const Files& files, const SigningKey& key) {
  if (::mkdir(path.c_str(), S_IRWXU) != 0)
    throw AuditError("The folder " + path + " cannot be made: " + std::strerror(errno) +
                     ". Name one that is not there.");
  Files all = files;
  all[kPublicKeyFile] = public_key_pem(key);
  std::string sums;
  for (const auto& [name, content] : all) {
    write_new_file(path + '/' + name, content, Privacy::owner);
    sums += steg::to_hex(steg::sha256(content)) + "  " + name + '\n';
  }
  std::string signature(kSignatureBytes, '\0');
  if (!steg::from_hex(sign(key, sums), reinterpret_cast<unsigned char*>(signature.data()), signature.size()))
    throw AuditError("A signature is not 64 bytes.");
  write_new_file(path + '/' + kSumsFile, sums, Privacy::owner);
  write_new_file(path + '/' + kSignatureFile, signature, Privacy::owner);
}

SignedFolder read_signed_folder(const std::string& path, const std::string& public_key) {
  const std::string sums = read_file(path + '/' + kSumsFile);
  const std::string signature = read_file(path + '/' + kSignatureFile);
  SignedFolder folder;
  folder.public_key = public_key.empty() ? public_key_of_pem(read_file(path + '/' + kPublicKeyFile)) : public_key;
  const std::string digits = steg::to_hex(reinterpret_cast<const unsigned char*>(signature.data()), signature.size());
  if (!is_signed(folder.public_key, sums, digits))
    throw AuditError(path + '/' + kSumsFile + " is not signed with that key, or was altered.");
  std::istringstream lines(sums);
  for (std::string line; std::getline(lines, line);) {
    const std::string name = line.size() > kSumDigits + 2 ? line.substr(kSumDigits + 2) : "";
    if (!is_plain_name(name)) throw AuditError(path + '/' + kSumsFile + " has a line that names no file.");
    std::string content = read_file(path + '/' + name);
    if (steg::to_hex(steg::sha256(content)) != line.substr(0, kSumDigits))
      throw AuditError(path + '/' + name + " was altered: it is not the file that was signed.");
    folder.files[name] = std::move(content);
  }
  return folder;
}

}  // namespace audit
