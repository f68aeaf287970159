// keygen and public-key.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdio>
#include <string>
#include <vector>

#include "commands.hpp"
#include "options.hpp"
#include "plugins/auditlog/chain.hpp"
#include "plugins/auditlog/file.hpp"
#include "plugins/common/crypto/key.hpp"
#include "plugins/common/crypto/random.hpp"

namespace auditor {

namespace {

constexpr char kKeygenAbout[] =
    "Writes 32 random bytes as 64 hexadecimal digits to FILE, which only its owner may read, and prints the key's\n"
    "fingerprint. It is the `key-file` of stegencode, stegdecode and auditlog. An existing file is never overwritten.";
constexpr char kKeygenMore[] =
    "Who has this file can read the marks and make false ones, and can verify the log and forge it. Keep a copy where\n"
    "nobody who can write to the database gets it: without the key neither a leak can be traced nor the log be "
    "verified.\n\n"
    "Example:\n  steg-audit keygen steg.key";

constexpr char kPublicAbout[] =
    "Prints the public key (PEM, Ed25519) that belongs to a secret key: with it anyone can check the signatures of "
    "exports\n"
    "and checkpoints, and nobody can make any. Publish it before it is needed, so that nobody can doubt whose it is.";
constexpr char kPublicMore[] = "Example:\n  steg-audit public-key --key-file steg.key > steg-public.pem";

}  // namespace

int keygen(int argc, char** argv) {
  std::vector<std::string> files;
  Options options("FILE", kKeygenAbout, kKeygenMore);
  options.rest(files);
  options.parse(argc, argv);
  if (files.size() != 1) throw UsageError("name one file for the new key");
  const std::string digits = steg::random_hex(steg::Key::kBytes);
  audit::write_new_file(files[0], digits + '\n', audit::Privacy::owner);
  std::printf("%s: a new key with the fingerprint %s\n", files[0].c_str(),
              steg::Key::from_hex(digits).fingerprint().c_str());
  return kGood;
}

int print_public_key(int argc, char** argv) {
  std::string file;
  Options options("", kPublicAbout, kPublicMore);
  options.text('k', "key-file", file, "the secret key", "FILE");
  options.parse(argc, argv);
  if (file.empty()) throw UsageError("--key-file is missing");
  const audit::ChainKey key = audit::chain_key(steg::Key::from_file(file));
  std::fputs(audit::public_key_pem(key.signing).c_str(), stdout);
  return kGood;
}

}  // namespace auditor
