// verify and checkpoint.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "commands.hpp"
#include "common_options.hpp"
#include "launcher/base/text_table.hpp"
#include "plugins/auditlog/checkpoint.hpp"
#include "plugins/auditlog/text.hpp"
#include "verify_report.hpp"

namespace auditor {

namespace {

constexpr char kVerifyAbout[] =
    "Walks the hash chain of every stream, or of one, and names the rows that were altered, removed, inserted or "
    "moved,\n"
    "the first one first.";
constexpr char kVerifyMore[] =
    "Rows cut off at the end leave a shorter chain that is valid in itself, and whoever has the key can write another\n"
    "one: only what was noted elsewhere shows that. Such notes are checkpoints (--checkpoints), which auditlog and\n"
    "steg-audit checkpoint write, or the number and hash that this command prints (--known). Rows that should have a\n"
    "note and have none are an alarm, too: where checkpoints are written once a day, say --grace 1500.\n\n"
    "Examples:\n"
    "  steg-audit verify --key-file steg.key\n"
    "  steg-audit verify --key-file steg.key --checkpoints /mnt/elsewhere/steg.checkpoints\n"
    "  steg-audit verify --key-file steg.key --stream live/one --known 1834:9f86d081…";
constexpr char kCheckpointAbout[] =
    "Verifies the log, and then adds a signed note of the last row of every stream to a second place: a file or "
    "another\n"
    "database. steg-audit verify --checkpoints holds the log against them later.";
constexpr char kCheckpointMore[] =
    "Keep the second place where nobody who can write to the log can write, such as another machine or a medium that "
    "can\n"
    "only be written once. The notes are signed with Ed25519: who has the public key (steg-audit public-key) can "
    "check\n"
    "them without being able to make any.\n\n"
    "Examples:\n"
    "  steg-audit checkpoint --key-file steg.key --to /mnt/elsewhere/steg.checkpoints\n"
    "  steg-audit checkpoint --key-file steg.key --to postgresql://notary@other/notes";

audit::Head parse_head(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) throw UsageError("--known is SEQ:HASH, as verify prints it");
  try {
    return {audit::to_integer(text.substr(0, colon)), text.substr(colon + 1)};
  } catch (const audit::AuditError&) {
    throw UsageError("--known is SEQ:HASH, as verify prints it");
  }
}

/// Adds the ends that the checkpoints note. Returns whether all of them are signed as they should be.
bool add_checkpoints(const std::string& place, const std::vector<audit::ChainKey>& keys, const std::string& stream,
                     audit::KnownHeads& known) {
  const audit::Deadline deadline;
  std::size_t good = 0;
  std::size_t bad = 0;
  for (const audit::Checkpoint& checkpoint : audit::open_checkpoints(place, audit::Access::read, deadline)->all()) {
    if (!stream.empty() && checkpoint.stream != stream) continue;
    if (audit::is_genuine(checkpoint, keys)) {
      known[checkpoint.stream].push_back(checkpoint.head);
      ++good;
      continue;
    }
    ++bad;
    std::printf("%s: the checkpoint of %s is not signed with a key that was given.\n",
                launcher::printable(checkpoint.stream).c_str(), launcher::printable(checkpoint.time).c_str());
  }
  std::printf("%zu checkpoints are signed as they should be.\n", good);
  return bad == 0;
}

/// Whether all rows but those of the last minutes are at or before one of the noted ends. A place of checkpoints that
/// was emptied, or cut off at its end, contradicts nothing; but it leaves rows without a note.
bool all_noted(const std::string& database, const audit::LogReport& report, const audit::KnownHeads& known,
               std::int64_t grace_minutes) {
  const audit::Deadline deadline;
  const auto connection = audit::connect(database, audit::Access::read, deadline);
  const std::string recent = audit::utc_time(audit::system_time() - grace_minutes * 60000000);
  bool good = true;
  for (const auto& [stream, chain] : report.streams) {
    std::int64_t noted = 0;
    const auto heads = known.find(stream);
    if (heads != known.end())
      for (const audit::Head& head : heads->second) noted = std::max(noted, head.seq);
    const auto rows = connection->run(
        "SELECT seq, last_time FROM steg_audit_event WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT 1",
        {stream, std::to_string(noted)});
    if (rows.empty()) continue;
    const std::string shown = launcher::printable(stream);
    const std::string seq = rows[0].at(0).value_or("");
    const std::string time = launcher::printable(rows[0].at(1).value_or(""));
    if (time >= recent) {
      std::printf("%s: rows from %s on (%s) are not noted yet.\n", shown.c_str(), seq.c_str(), time.c_str());
      continue;
    }
    std::printf(
        "%s: no checkpoint notes the rows from %s on (%s). Checkpoints are missing: they were removed, or have not "
        "been "
        "written since. If you know why, note the rows with steg-audit checkpoint.\n",
        shown.c_str(), seq.c_str(), time.c_str());
    good = false;
  }
  return good;
}

}  // namespace

int verify(int argc, char** argv) {
  DatabaseOption database;
  KeyOption key;
  std::string stream;
  std::vector<std::string> noted;
  std::string checkpoints;
  std::int64_t grace = 60;
  Options options("", kVerifyAbout, kVerifyMore);
  database.add(options);
  key.add(options);
  options.text('s', "stream", stream, "only this stream", "NAME");
  options.text('c', "checkpoints", checkpoints, "file or database with checkpoints, which the log must agree with",
               "PLACE");
  options.number('g', "grace", grace, "with --checkpoints: rows that none of them covers may be so old (default: 60)",
                 "MINUTES");
  options.texts('n', "known", noted, "number and hash of a row noted earlier, which must be there still", "SEQ:HASH");
  options.parse(argc, argv);
  audit::KnownHeads known;
  if (grace < 0) throw UsageError("--grace is a number of minutes, 0 or more");
  if (!noted.empty() && stream.empty()) throw UsageError("--known needs --stream: it is a row of one stream");
  for (const std::string& text : noted) known[stream].push_back(parse_head(text));
  const auto keys = key.keys();

  bool good = checkpoints.empty() || add_checkpoints(checkpoints, keys, stream, known);
  const audit::LogReport report = verify_and_print(database.uri, stream, keys, known, Loudness::all);
  good = report.intact() && good;
  if (!checkpoints.empty()) good = all_noted(database.uri, report, known, grace) && good;
  if (report.streams.empty()) std::puts("The log has no rows.");
  return good ? kGood : kNotIntact;
}

int checkpoint(int argc, char** argv) {
  DatabaseOption database;
  KeyOption key;
  std::string place;
  Options options("", kCheckpointAbout, kCheckpointMore);
  database.add(options);
  key.add(options);
  options.text('t', "to", place, "where to: a file or the URI of another database", "PLACE");
  options.parse(argc, argv);
  if (place.empty()) throw UsageError("--to is missing: name a file or another database");
  const auto keys = key.keys();
  const audit::LogReport report = verify_and_print(database.uri, "", keys, {}, Loudness::findings);
  if (!report.intact()) {
    std::fputs("steg-audit: the log is not intact, and no checkpoint was written.\n", stderr);
    return kNotIntact;
  }
  const std::string time = audit::utc_time(audit::system_time());
  std::vector<audit::Checkpoint> notes;
  for (const auto& [stream, chain] : report.streams)
    if (chain.head.seq > 0) notes.push_back(audit::make_checkpoint(stream, chain.head, keys.back(), time));
  const audit::Deadline deadline;
  audit::open_checkpoints(place, audit::Access::write, deadline)->add(notes);
  std::printf("%zu streams were noted.\n", notes.size());
  return kGood;
}

}  // namespace auditor
