// export and check-export.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <json-glib/json-glib.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "common_options.hpp"
#include "launcher/base/glib_text.hpp"
#include "launcher/base/json_node.hpp"
#include "launcher/base/text_table.hpp"
#include "plugins/auditlog/chain_walk.hpp"
#include "plugins/auditlog/csv.hpp"
#include "plugins/auditlog/schema.hpp"
#include "plugins/auditlog/signed_folder.hpp"
#include "plugins/auditlog/verified_records.hpp"
#include "plugins/auditlog/verify_log.hpp"
#include "records_text.hpp"

namespace auditor {

namespace {

constexpr char kExportAbout[] =
    "Writes a folder with the records of one case, signed so that anyone who has the public key can check that "
    "nothing\n"
    "in it was altered: manifest.json (what was asked, the state of the log), records.csv (who had which ID when),\n"
    "events.csv (the rows of the log themselves) and, with --context, context.csv (the rows between them, without "
    "their\n"
    "addresses, so that the chain can be followed). All streams are verified, and only rows that are as they were "
    "written\n"
    "are taken; if the log is not intact, the manifest says so and the exit status is 1.";
constexpr char kExportMore[] =
    "Without steg-audit the folder is checked by\n"
    "  openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig\n"
    "  sha256sum -c SHA256SUMS\n"
    "with a public key that was had from its owner by another way (steg-audit public-key).\n\n"
    "Example:\n"
    "  steg-audit export --key-file steg.key --case 2026-017 --id alice --from 2026-11-22 --output case-2026-017";
constexpr char kCheckAbout[] =
    "Checks a folder that steg-audit export made: that it was signed with the key, that no file was altered, and, "
    "with\n"
    "the secret key, that every row is one that auditlog wrote.";
constexpr char kCheckMore[] =
    "Without --public-key the key in the folder is used: that shows only that the files belong together.\n\n"
    "Examples:\n"
    "  steg-audit check-export --public-key steg-public.pem case-2026-017\n"
    "  steg-audit check-export --public-key steg-public.pem --key-file steg.key case-2026-017";

constexpr char kReadme[] =
    "This folder holds the records of one case from the audit log of gst-steg.\n\n"
    "manifest.json   what was asked, when, and whether the log was intact\n"
    "records.csv     who was given which ID when: one line for each ID, address and minute of a session\n"
    "events.csv      the rows of the log that these records come from, with all columns\n"
    "context.csv     if it is there: the rows between them, without addresses\n"
    "public-key.pem  the key that the signature is checked with; have it from its owner, too\n"
    "SHA256SUMS      checksums of all these files\n"
    "SHA256SUMS.sig  its signature (Ed25519)\n\n"
    "To check it:\n"
    "  openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig\n"
    "  sha256sum -c SHA256SUMS\n"
    "or, which also follows the hash chain: steg-audit check-export\n";

audit::Row header() { return {std::begin(audit::kColumnNames), std::end(audit::kColumnNames)}; }

std::string events_csv(const std::vector<audit::Row>& rows) {
  std::string text = audit::csv_line(header());
  for (const audit::Row& row : rows) text += audit::csv_line(row);
  return text;
}

struct Range {
  std::int64_t first;
  std::int64_t last;
};
using Ranges = std::map<std::string, Range>;  ///< by stream

/// What a case is made of: rows that the walk has verified, and no others.
struct Case {
  std::vector<audit::Row> events;
  std::vector<audit::AuditRow> records;
  Ranges ranges;
  std::vector<audit::Row> context;
  audit::LogReport report;
};

bool is_event(const audit::Row& row) { return row.at(audit::kEvent) == "open" || row.at(audit::kEvent) == "close"; }

/// Reads all of the case in one transaction.
Case read_case(audit::Connection& connection, const std::vector<audit::ChainKey>& keys, const audit::Query& query,
               bool with_context) {
  Case result;
  audit::VerifiedRecords records(query);
  // Rows that lie between two of the case are context; whether another will come is not known before.
  std::vector<audit::Row> between;
  const auto take = [&](const audit::Row& row) {
    records.row(row);
    const std::string stream = row.at(audit::kStream).value_or("");
    if (!between.empty() && between.back().at(audit::kStream) != stream) between.clear();
    if (is_event(row) && fits(query, row)) {
      const std::int64_t seq = audit::to_integer(row.at(audit::kSeq));
      result.ranges.try_emplace(stream, Range{seq, seq}).first->second.last = seq;
      result.events.push_back(row);
      std::move(between.begin(), between.end(), std::back_inserter(result.context));
      between.clear();
    } else if (with_context && result.ranges.count(stream) > 0) {
      // Without what tells its address. In rows of schema version 1 the hash covers the address itself: these can only
      // be told by their hash.
      between.push_back(row);
      between.back()[audit::kClientIp] = "";
      between.back()[audit::kClientIpSalt] = std::nullopt;
    }
  };
  result.report = audit::verify_log(connection, keys, {}, query.stream.value_or(""), 100, take);
  result.records = records.records();
  return result;
}

void set_text(JsonObject* object, const char* name, const std::string& value) {
  value.empty() ? json_object_set_null_member(object, name)
                : json_object_set_string_member(object, name, value.c_str());
}

JsonObject* stream_json(const audit::ChainReport& report, const Range& range) {
  JsonObject* object = json_object_new();
  json_object_set_int_member(object, "first_seq", range.first);
  json_object_set_int_member(object, "last_seq", range.last);
  json_object_set_boolean_member(object, "intact", report.intact());
  json_object_set_int_member(object, "rows_verified", report.rows);
  json_object_set_int_member(object, "purged_through", report.purged_through);
  json_object_set_int_member(object, "head_seq", report.head.seq);
  json_object_set_string_member(object, "head_hash", report.head.hash.c_str());
  JsonArray* findings = json_array_new();
  for (const audit::Finding& finding : report.findings) json_array_add_string_element(findings, finding.text.c_str());
  json_object_set_array_member(object, "findings", findings);
  return object;
}

std::string to_text(JsonObject* object) {
  const launcher::JsonNodePtr root(json_node_init_object(json_node_alloc(), object));
  json_object_unref(object);
  const launcher::GlibText text(json_to_string(root.get(), TRUE));
  return std::string(text.get()) + "\n";
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw audit::AuditError(path + " cannot be read.");
  return {std::istreambuf_iterator<char>(file), {}};
}

bool is_false(JsonObject* object, const char* name) {
  return json_object_has_member(object, name) && !json_object_get_boolean_member(object, name);
}

/// Whether the manifest says that the log was intact. Exports of earlier versions say it of their streams only.
bool log_was_intact(const audit::Files& files) {
  const auto file = files.find("manifest.json");
  const launcher::JsonNodePtr root(file == files.end() ? nullptr : json_from_string(file->second.c_str(), nullptr));
  if (!root || !JSON_NODE_HOLDS_OBJECT(root.get())) return true;
  JsonObject* manifest = json_node_get_object(root.get());
  bool intact = !is_false(manifest, "intact");
  if (!json_object_has_member(manifest, "streams")) return intact;
  json_object_foreach_member(
      json_object_get_object_member(manifest, "streams"),
      [](JsonObject*, const gchar*, JsonNode* node, gpointer data) {
        if (is_false(json_node_get_object(node), "intact")) *static_cast<bool*>(data) = false;
      },
      &intact);
  return intact;
}

/// Whether all rows of events.csv and context.csv are genuine and, where they follow each other, linked.
bool rows_are_genuine(const audit::Files& files, const std::vector<audit::ChainKey>& keys) {
  std::map<std::string, std::map<std::int64_t, audit::Row>> streams;
  for (const char* name : {"events.csv", "context.csv"}) {
    const auto file = files.find(name);
    if (file == files.end()) continue;
    const auto rows = audit::csv_rows(file->second);
    if (rows.empty() || rows[0] != header()) throw audit::AuditError(std::string(name) + " has other columns.");
    for (std::size_t i = 1; i < rows.size(); ++i) {
      if (rows[i].size() != audit::kColumns)
        throw audit::AuditError(std::string(name) + " has a line of other length.");
      streams[rows[i][audit::kStream].value_or("")][audit::to_integer(rows[i][audit::kSeq])] = rows[i];
    }
  }
  bool genuine = true;
  for (const auto& [stream, rows] : streams) {
    std::optional<audit::Row> before;
    for (const auto& [seq, row] : rows) {
      const bool follows = before && audit::to_integer((*before)[audit::kSeq]) == seq - 1;
      audit::ChainWalk walk(
          keys, {}, 1,
          {seq - 1, follows ? (*before)[audit::kHash].value_or("") : row[audit::kPreviousHash].value_or("")});
      walk.row(row);
      for (const audit::Finding& finding : walk.finish().findings) {
        // Addresses are left out of the context on purpose.
        if (finding.kind == audit::Finding::Kind::address_removed) continue;
        std::printf("%s: %s\n", launcher::printable(stream).c_str(), launcher::printable(finding.text).c_str());
        genuine = false;
      }
      before = row;
    }
  }
  return genuine;
}

}  // namespace

int export_case(int argc, char** argv) {
  DatabaseOption database;
  KeyOption key;
  FilterOption filter;
  std::string name;
  std::string folder;
  bool with_context = false;
  Options options("", kExportAbout, kExportMore);
  database.add(options);
  key.add(options);
  filter.add(options);
  options.text('n', "case", name, "name of the case, for the manifest", "NAME");
  options.text('o', "output", folder, "folder to make", "FOLDER");
  options.flag('x', "context", with_context, "also the rows between those of the case, without their addresses");
  options.parse(argc, argv);
  if (name.empty()) throw UsageError("--case is missing: name the case");
  if (folder.empty()) throw UsageError("--output is missing: name a folder that is not there yet");
  audit::Query query = filter.query();
  query.most = audit::kAllRows;
  const auto keys = key.keys();

  const audit::Deadline deadline;
  const auto connection = audit::connect(database.uri, audit::Access::read, deadline);
  audit::check_schema(*connection);
  const Case found = read_case(*connection, keys, query, with_context);
  const bool intact = found.report.intact();

  JsonObject* streams = json_object_new();
  // A stream that is not intact may have lost rows of the case, although it has none.
  for (const auto& [stream, chain] : found.report.streams) {
    const auto range = found.ranges.find(stream);
    if (range != found.ranges.end() || !chain.intact())
      json_object_set_object_member(streams, stream.c_str(),
                                    stream_json(chain, range == found.ranges.end() ? Range{0, 0} : range->second));
  }
  JsonArray* findings = json_array_new();
  for (const std::string& finding : found.report.findings) json_array_add_string_element(findings, finding.c_str());
  JsonObject* asked = json_object_new();
  set_text(asked, "id", filter.id);
  set_text(asked, "client_ip", filter.client_ip);
  set_text(asked, "stream", filter.stream);
  set_text(asked, "from_minute", query.from_minute.value_or(""));
  set_text(asked, "to_minute", query.to_minute.value_or(""));
  JsonObject* manifest = json_object_new();
  json_object_set_string_member(manifest, "format", "gst-steg audit export 1");
  json_object_set_string_member(manifest, "case", name.c_str());
  json_object_set_string_member(manifest, "made_at", audit::utc_time(audit::system_time()).c_str());
  json_object_set_string_member(manifest, "made_by", "steg-audit " GST_STEG_VERSION);
  json_object_set_string_member(manifest, "database", audit::without_password(database.uri).c_str());
  json_object_set_object_member(manifest, "asked", asked);
  json_object_set_int_member(manifest, "records", static_cast<gint64>(found.records.size()));
  json_object_set_int_member(manifest, "events", static_cast<gint64>(found.events.size()));
  json_object_set_boolean_member(manifest, "intact", intact);
  json_object_set_array_member(manifest, "findings", findings);
  json_object_set_object_member(manifest, "streams", streams);

  audit::Files files{{"manifest.json", to_text(manifest)},
                     {"records.csv", records_csv(found.records)},
                     {"events.csv", events_csv(found.events)},
                     {"README.txt", kReadme}};
  if (with_context) files["context.csv"] = events_csv(found.context);
  audit::write_signed_folder(folder, files, keys.back().signing);
  std::printf("%s: %zu records of %zu streams, signed.\n", folder.c_str(), found.records.size(), found.ranges.size());
  if (!intact) std::fputs("steg-audit: the log is not intact; the manifest says how. See steg-audit verify.\n", stderr);
  return intact ? kGood : kNotIntact;
}

int check_export(int argc, char** argv) {
  std::string pem;
  std::vector<std::string> key_files;
  std::vector<std::string> folders;
  Options options("FOLDER", kCheckAbout, kCheckMore);
  options.text('p', "public-key", pem, "public key of whoever made the folder", "FILE");
  options.texts('k', "key-file", key_files, "secret key that the log was written with", "FILE");
  options.rest(folders);
  options.parse(argc, argv);
  if (folders.size() != 1) throw UsageError("name one folder");
  KeyOption key;
  key.files = key_files;
  const std::string public_key = pem.empty() ? "" : audit::public_key_of_pem(read_text(pem));
  if (pem.empty())
    std::fputs("steg-audit: no --public-key was given, so only the folder's own is used: anyone can have made it.\n",
               stderr);
  try {
    const audit::SignedFolder folder = audit::read_signed_folder(folders[0], public_key);
    std::printf("%s: %zu files are as they were signed, with the public key %s.\n", folders[0].c_str(),
                folder.files.size(), folder.public_key.c_str());
    const bool intact = log_was_intact(folder.files);
    if (!intact)
      std::puts("The log was not intact when the folder was made; manifest.json says how. Rows may be missing.");
    if (!key_files.empty()) {
      if (!rows_are_genuine(folder.files, key.keys())) return kNotIntact;
      std::puts("All rows are as auditlog wrote them.");
    }
    return intact ? kGood : kNotIntact;
  } catch (const audit::AuditError& error) {
    std::printf("%s\n", launcher::printable(error.what()).c_str());
    return kNotIntact;
  }
}

}  // namespace auditor
