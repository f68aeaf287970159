// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "launcher/base/log.hpp"
#include "services.hpp"

namespace launcher {
namespace {

using Fields = std::map<std::string, std::string>;

Fields form_fields(const std::string& body) {
  Fields fields;
  const std::unique_ptr<GHashTable, decltype(&g_hash_table_unref)> table(soup_form_decode(body.c_str()),
                                                                         &g_hash_table_unref);
  GHashTableIter iterator;
  gpointer key = nullptr;
  gpointer value = nullptr;
  g_hash_table_iter_init(&iterator, table.get());
  while (g_hash_table_iter_next(&iterator, &key, &value)) {
    fields[static_cast<const char*>(key)] = static_cast<const char*>(value);
  }
  return fields;
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// The stream whose source is rtmp://HOST[:PORT]/app/name. Throws Refusal.
Supervisor& published_stream(const Request& request, const Fields& fields, const Streams& streams) {
  const auto field = [&](const char* name) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
  };
  const std::string app = field("app");
  const std::string name = field("name");
  if (app.empty() || name.empty()) {
    throw Refusal(SOUP_STATUS_BAD_REQUEST,
                  "The call has no app or no name: it is meant for nginx-rtmp's " + request.path.substr(1) + ".");
  }
  const std::string key = "/" + app + "/" + name;
  for (const auto& stream : streams.all()) {
    const auto& sources = stream->places().sources;
    const bool is_source = std::any_of(sources.begin(), sources.end(), [&](const std::string& source) {
      // The path must be all of "app/name": no slash may come before it but that of the host.
      const std::size_t host = source.find("://");
      return host != std::string::npos && ends_with(source, key) &&
             source.find('/', host + 3) == source.size() - key.size();
    });
    if (is_source) return *stream;
  }
  log_line("refused a publisher of " + app + "/" + name + " from " + field("addr") + ": no stream has that source");
  throw Refusal(SOUP_STATUS_FORBIDDEN, "No stream has the source " + app + "/" + name + ".");
}

Reply begin(const Request& request, Streams& streams) {
  const Fields fields = form_fields(request.body);
  Supervisor& stream = published_stream(request, fields, streams);
  if (const auto address = fields.find("addr"); address != fields.end()) stream.set_publisher(address->second);
  if (!stream.start()) stream.start_when_stopped();
  return success(JsonText().boolean("ok", true));
}

Reply end(const Request& request, Streams& streams) {
  published_stream(request, form_fields(request.body), streams).stop();
  return success(JsonText().boolean("ok", true));
}

}  // namespace

void add_publish_routes(HttpServer& server, Streams& streams) {
  server.add({{"POST", "/on_publish"}, [&](Request& request) { return begin(request, streams); }, Access::hook});
  server.add({{"POST", "/on_publish_done"}, [&](Request& request) { return end(request, streams); }, Access::hook});
}

}  // namespace launcher
