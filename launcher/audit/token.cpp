// token and token-key.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdio>
#include <string>

#include "commands.hpp"
#include "common_options.hpp"
#include "launcher/edge/token_office.hpp"
#include "plugins/auditlog/spool_path.hpp"
#include "plugins/common/crypto/hex.hpp"
#include "plugins/common/crypto/key.hpp"
#include "plugins/steg/sequences/pattern_name.hpp"

namespace auditor {

namespace {

constexpr char kTokenAbout[] =
    "Notes in the log that a viewer is given a token for A/B segments, and prints the token: HMAC-SHA256, as JWT or "
    "CWT.";
constexpr char kTokenMore[] =
    "Example:\n  steg-audit token --key-file steg.key --viewer alice --minutes 120\n\n"
    "A steg-launch with the same key and database takes it at once: http://HOST/watch/TOKEN/index.m3u8. Variants, bias "
    "and\nfirst position must be those of its [edge].";
constexpr char kKeyAbout[] =
    "Prints the key that tokens are signed with, HMAC-SHA256, as 64 hexadecimal digits: for an edge that is not "
    "steg-launch.\nIt follows from the secret key, and the secret key does not follow from it.";
constexpr char kKeyMore[] = "Example:\n  steg-audit token-key --key-file steg.key";

steg::Key key_of(const std::string& file) {
  if (file.empty()) throw UsageError("--key-file is missing");
  return steg::Key::from_file(file);
}

launcher::TokenFormat format_of(const std::string& word) {
  if (word != "jwt" && word != "cwt") throw UsageError("--format must be jwt or cwt");
  return word == "jwt" ? launcher::TokenFormat::jwt : launcher::TokenFormat::cwt;
}

}  // namespace

int token(int argc, char** argv) {
  DatabaseOption database;
  std::string key_file, viewer, client_ip, format = "jwt", bias = "arcsine", stream = audit::kTokenStream;
  std::int64_t minutes = 120, variants = 2, first_position = 0;
  Options options("", kTokenAbout, kTokenMore);
  database.add(options);
  options.text('k', "key-file", key_file, "the secret key", "FILE");
  options.text('v', "viewer", viewer, "who it is for", "NAME");
  options.text('c', "client-ip", client_ip, "the viewer's address, if it is known", "ADDRESS");
  options.number('m', "minutes", minutes, "how long it is valid (default: 120)", "N");
  options.text('o', "format", format, "jwt (default) or cwt", "FORMAT");
  options.text('s', "stream", stream, "of the log (default: tokens)", "NAME");
  options.number('n', "variants", variants, "of each segment (default: 2)", "N");
  options.text('b', "bias", bias, "arcsine (default) or uniform", "WORD");
  options.number('p', "first-position", first_position, "of the segment with the number 0 (default: 0)", "N");
  options.parse(argc, argv);
  if (viewer.empty()) throw UsageError("--viewer is missing");
  const std::optional<steg::Bias> shares = steg::bias_of(bias);
  if (!shares) throw UsageError("--bias must be arcsine or uniform");
  if (variants < 2 || variants > steg::kMostVariants) throw UsageError("--variants must be 2 to 4");
  if (first_position < 0 || first_position > UINT32_MAX) throw UsageError("--first-position must be 0 to 4294967295");
  launcher::OfficeSettings settings;
  settings.variants = static_cast<int>(variants);
  settings.bias = *shares;
  settings.first_position = static_cast<std::uint32_t>(first_position);
  settings.log.database = database.uri;
  settings.log.stream = stream;
  // A running steg-launch holds the spool of its own.
  settings.log.spool = audit::default_spool_path(database.uri, stream + "-steg-audit");
  audit::Listener listener;
  listener.problem = [](const std::string& text) { std::fprintf(stderr, "steg-audit: %s\n", text.c_str()); };
  listener.recovered = listener.problem;
  const launcher::TokenFormat kind = format_of(format);
  try {
    launcher::TokenOffice office(settings, key_of(key_file), listener);
    std::printf("%s\n", office.issue(viewer, client_ip, minutes, kind).token.c_str());
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
  return kGood;
}

int print_token_key(int argc, char** argv) {
  std::string key_file;
  Options options("", kKeyAbout, kKeyMore);
  options.text('k', "key-file", key_file, "the secret key", "FILE");
  options.parse(argc, argv);
  const std::string key = launcher::token_key(key_of(key_file));
  std::printf("%s\n", steg::to_hex(reinterpret_cast<const std::uint8_t*>(key.data()), key.size()).c_str());
  return kGood;
}

}  // namespace auditor
